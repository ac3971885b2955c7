import { z } from 'zod';
import { verdict } from '../decisions/verdict-schema.ts';
import { actionClass, time, timeOrNull } from '../frame/schema.ts';

export const actionEligibility = z
  .object({
    customerId: z.string(),
    action: z.string(),
    class: actionClass,
    purpose: z.string(),
    topic: z.string().nullable(),
    offeredBy: z.object({ journeys: z.array(z.string()), placements: z.array(z.string()) }),
    asOf: time,
    versions: z.object({ bundle: z.string() }),
    enrollmentId: z
      .string()
      .nullable()
      .describe('The open enrollment that proposes the action; null: none does'),
    allowed: z.boolean().describe('Allowed on at least one channel'),
    liftsAt: timeOrNull.describe(
      'When the action becomes allowed on a channel without any event; null: allowed now, or an event is needed',
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
    id: 'ActionEligibility',
    description: 'Whether an action is allowed now, on which channels, and when each reason lifts',
  });
