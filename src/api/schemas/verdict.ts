import { z } from 'zod';
import { timeOrNull } from './common.ts';

export const verdict = z
  .object({
    gate: z.string(),
    pass: z.boolean(),
    code: z.string().optional(),
    observed: z.unknown().optional(),
    needed: z.unknown().optional(),
    liftsAt: timeOrNull.optional().describe('When time alone lifts it'),
    liftsOn: z.string().nullable().optional().describe('The kind of event that lifts it'),
  })
  .meta({ id: 'Verdict', description: "One rule's answer about one candidate" });
