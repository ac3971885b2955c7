import { z } from 'zod';
import { countedAt, period, periodQuery } from './schema.ts';

const count = z.number().int();

export const holdsQuery = periodQuery.extend({ journey: z.string().max(200) });

const counts = { decisions: count, held: count };

export const holdsReportSchema = z
  .object({
    countedAt,
    period,
    journey: z.string(),
    decisions: z
      .object(counts)
      .describe('Decisions in which the journey had candidates; `held`: none of them was chosen'),
    sampled: z.boolean().describe('Of very many decisions not yet counted, a sample by id'),
    rules: z
      .array(
        z.object({
          gate: z.string(),
          code: z.string(),
          rule: z.string().nullable().describe('As in a verdict; null for built-in rules'),
          ...counts,
          actions: z.array(z.object({ action: z.string(), ...counts })),
        }),
      )
      .describe('Decisions in which the rule blocked, the most `held` first. Several rules may block in one'),
  })
  .meta({ id: 'HoldsReport' });
