import { z } from 'zod';
import { ROLES, SCOPES } from '../../../db/schema/values.ts';
import { time } from '../frame/schema.ts';

export const session = z
  .object({
    user: z.object({ id: z.string(), login: z.string(), name: z.string() }),
    workspace: z.string(),
    workspaces: z.array(z.string()).describe('In which the user has a role'),
    role: z.enum(ROLES).describe('In this workspace'),
    scopes: z.array(z.enum(SCOPES)).describe('Whose operations the role permits'),
    operations: z.array(z.string()).describe('Further operations that it permits'),
    csrfToken: z.string().describe('For the header `X-CSRF-Token` of every request that is no GET'),
    expiresAt: time,
    currency: z.string(),
    timeZone: z.string(),
  })
  .meta({ id: 'Session', description: 'Who is logged in, where, and what they may do' });

export const loginBody = z
  .object({ login: z.string().min(1).max(200), password: z.string().min(1).max(1_024) })
  .meta({ id: 'Login' });

export const workspaceBody = z.object({ workspace: z.string().max(64) }).meta({ id: 'SessionWorkspace' });

export const sessionOptions = z
  .object({ oneClick: z.boolean().describe('Whether the developer of this machine needs no password') })
  .meta({ id: 'SessionOptions' });
