import { z } from 'zod';
import { countedAt, period, periodQuery } from './schema.ts';

const count = z.number().int();

export const funnelQuery = periodQuery.extend({
  action: z.string().max(200).optional().describe('Count only candidates of this action'),
  journey: z.string().max(200).optional().describe('Count only candidates of this journey'),
});

export const funnelReportSchema = z
  .object({
    countedAt,
    period,
    decisions: z.object({
      total: count.describe('Decisions in which a choice was due'),
      examined: count.describe('Decisions that were examined: of many, a sample by id'),
      sampled: z.boolean(),
    }),
    days: z.array(
      z.object({
        day: z.iso.date().describe('UTC'),
        decisions: count,
        candidates: count,
        eligible: count.describe('Candidates whose conditions held'),
        ranked: count.describe('Candidates that passed every gate'),
        chosen: count,
        sent: count.describe('Deliveries that were sent, and tasks that reached the desk'),
        blocked: z
          .array(z.object({ gate: z.string(), code: z.string(), candidates: count }))
          .describe('A candidate may be blocked for several reasons'),
      }),
    ),
  })
  .meta({ id: 'FunnelReport', description: 'How far candidates got, day by day' });
