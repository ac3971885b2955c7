import { z } from 'zod';
import { time, timeOrNull } from '../frame/schema.ts';

export const live = z
  .object({
    agrees: z
      .boolean()
      .nullable()
      .describe('Whether the workflow and this view agree; null: they are at different ordinals'),
    ordinal: z.number().int(),
    processedSeq: z.number().int(),
    openTickets: z.array(z.object({ id: z.string(), severity: z.string(), since: time })),
    enrollments: z.array(
      z.object({ id: z.string(), journey: z.string(), step: z.string(), state: z.string() }),
    ),
    wakeAt: timeOrNull,
    inFlight: z.array(z.string()),
    unprocessed: z.number().int().describe('Events that the workflow has received and not processed'),
  })
  .meta({ id: 'LiveState', description: 'The state that the workflow itself reports' });
