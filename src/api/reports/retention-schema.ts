import { z } from 'zod';
import { countedAt, headline, period, periodQuery, sampleRatio } from './schema.ts';

const count = z.number().int();

export const retentionQuery = periodQuery.extend({
  journey: z
    .string()
    .max(64)
    .optional()
    .describe('Compare with the controls of this journey; default: of all marketing'),
});

export const retentionReportSchema = z
  .object({
    countedAt,
    period: period.describe('Period of first orders'),
    timezone: z.string().describe('Time zone of the months'),
    journey: z.string().nullable(),
    incomplete: count.describe('Customers whose oldest orders are not stored any more'),
    cohorts: z.array(
      z.object({
        month: z.string().describe('Month of the first order, `YYYY-MM`'),
        treated: count,
        control: count,
        sampleRatio,
        months: z
          .array(
            z.object({
              after: count.describe('Months after the month of the first order'),
              treated: z.number().nullable().describe('Share of treated customers who ordered in that month'),
              control: z.number().nullable(),
              comparison: headline,
            }),
          )
          .describe('Completed months'),
      }),
    ),
  })
  .meta({ id: 'RetentionReport' });
