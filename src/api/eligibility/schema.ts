import { z } from 'zod';
import { verdict } from '../decisions/verdict-schema.ts';
import { actionClass, time, timeOrNull } from '../frame/schema.ts';

export const actionEligibility = z
  .object({
    customerId: z.string(),
    action: z.string(),
    class: actionClass,
    asOf: time,
    versions: z.object({ bundle: z.string() }),
    enrollmentId: z
      .string()
      .nullable()
      .describe('The open enrollment that proposes it; null: nobody does now'),
    allowed: z.boolean().describe('On one channel at least'),
    liftsAt: timeOrNull.describe(
      'When time alone will allow it on one channel; null: now, or time alone never will',
    ),
    channels: z.array(
      z.object({
        channel: z.string(),
        verdict: z.enum(['allowed', 'blocked']),
        liftsAt: timeOrNull,
        liftsOn: z.array(z.string()),
        gates: z.array(verdict),
      }),
    ),
  })
  .meta({
    id: 'Whether',
    description: 'Why not now, and when: every gate’s answer, without sending anything',
  });
