import { z } from 'zod';

export const health = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });

export const readiness = z
  .object({
    ready: z.boolean(),
    reasons: z.array(z.object({ code: z.string(), detail: z.string() })),
  })
  .meta({ id: 'Readiness' });
