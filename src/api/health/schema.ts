import { z } from 'zod';
import { RECONCILIATIONS } from '../../../db/schema/values.ts';

export const health = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });

/** How the relay's comparison of Postgres with Temporal goes. */
export const status = z
  .object({
    reconciliations: z.array(
      z.object({
        kind: z.enum(RECONCILIATIONS),
        passes: z.int(),
        passEndedAt: z.string().nullable(),
        compared: z.int(),
        repaired: z.record(z.string(), z.int()).meta({ description: 'By cause' }),
        repairedAt: z.string().nullable(),
      }),
    ),
    parkedCustomers: z.int().nullable(),
  })
  .meta({ id: 'Status' });

export const readiness = z
  .object({
    ready: z.boolean(),
    reasons: z.array(z.object({ code: z.string(), detail: z.string() })),
  })
  .meta({ id: 'Readiness' });
