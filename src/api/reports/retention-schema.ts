import { z } from 'zod';
import { headline, period, periodQuery, sampleRatio } from './schema.ts';

const count = z.number().int();

export const retentionQuery = periodQuery.extend({
  journey: z
    .string()
    .max(64)
    .optional()
    .describe('Whose controls to compare with; default: those of all marketing'),
});

export const retentionReportSchema = z
  .object({
    period: period.describe("Of the customers' first orders"),
    timezone: z.string().describe('In which months begin'),
    journey: z.string().nullable(),
    incomplete: count.describe('Customers of whom only the newest orders are kept'),
    cohorts: z.array(
      z.object({
        month: z.string().describe('Of the first order, `YYYY-MM`'),
        treated: count,
        control: count,
        sampleRatio,
        months: z
          .array(
            z.object({
              after: count.describe('Months after that of the first order'),
              treated: z.number().nullable().describe('Share that ordered in that month'),
              control: z.number().nullable(),
              comparison: headline,
            }),
          )
          .describe('Those that are over'),
      }),
    ),
  })
  .meta({ id: 'RetentionReport' });
