import { z } from 'zod';
import { COUNTED_ATTRIBUTION } from '../../app/reports/count/attribution-cells.ts';
import { ATTRIBUTION_MODELS } from '../../statistics/attribution/attribute.ts';
import { TOUCHPOINT_KINDS } from '../../statistics/attribution/touch-paths.ts';
import { money } from '../frame/schema.ts';
import {
  countedAt,
  headline,
  invalidComparison,
  moneyHeadline,
  noControl,
  period,
  periodQuery,
  tooFewCustomers,
} from './schema.ts';

const MODELS = ATTRIBUTION_MODELS as readonly string[];

export const attributionQuery = periodQuery.extend({
  event: z
    .string()
    .min(1)
    .max(200)
    .default(COUNTED_ATTRIBUTION.event)
    .describe('What counts as a conversion'),
  by: z.enum(TOUCHPOINT_KINDS).default('channel').describe('What credit is given to'),
  model: z
    .string()
    .max(200)
    .refine((text) => text.split(',').every((model) => MODELS.includes(model)), {
      error: `is model or more of ${MODELS.join(', ')}, with commas between`,
      params: { code: 'unknown_model' },
    })
    .optional()
    .describe(`One or more of ${MODELS.join(', ')}, with commas between; default: all`),
  journey: z.string().max(64).optional().describe('Only contacts and customers of this journey'),
  lookbackDays: z.coerce
    .number()
    .int()
    .min(1)
    .max(366)
    .default(COUNTED_ATTRIBUTION.lookbackDays)
    .describe('How old a contact may be'),
});

const customers = z.number().int();

/**
 * @param comparison per customer, as it is behind the sum
 * @param prefix of the names of its schemas
 */
function causedOf<A extends z.ZodType, C extends z.ZodType>(amount: A, comparison: C, prefix: string) {
  const sum = {
    amount: amount.describe('The difference per customer times the customers treated'),
    low: amount.describe('Interval at 95 %'),
    high: amount,
    comparison,
  };
  return z.discriminatedUnion('kind', [
    noControl,
    tooFewCustomers,
    invalidComparison,
    z.object({ kind: z.literal('underpowered'), ...sum }).meta({ id: `${prefix}CausedUnderpowered` }),
    z.object({ kind: z.literal('incremental'), ...sum }).meta({ id: `${prefix}Caused` }),
  ]);
}

const incremental = z
  .object({ conversions: causedOf(z.number(), headline, ''), value: causedOf(money, moneyHeadline, 'Money') })
  .meta({
    id: 'Incremental',
    description: 'The effect against the holdout; `no_control` if no experiment withheld exactly this',
  });

const credit = z.object({
  milliConversions: z.number().int().describe('Thousandths of a conversion, whole: sums are exact'),
  value: money,
});

export const attribution = z
  .object({
    countedAt,
    period,
    event: z.string(),
    by: z.enum(TOUCHPOINT_KINDS),
    journey: z.string().nullable(),
    lookbackDays: z.number().int(),
    models: z.array(z.enum(ATTRIBUTION_MODELS)),
    refusedModels: z.array(z.object({ model: z.enum(ATTRIBUTION_MODELS), reason: z.string() })),
    customers: z.object({ touched: customers, converted: customers }),
    total: z.object({ conversions: z.number().int(), value: money, incremental }),
    touchpoints: z
      .array(
        z.object({
          touchpoint: z.string().nullable().describe('Null: direct conversions without a contact before'),
          credits: z.record(z.string(), credit).describe("By model; each model's credits sum to the total"),
          incremental,
        }),
      )
      .describe('Credit divides the conversions; only `incremental` estimates what was caused'),
    otherCurrency: z
      .number()
      .int()
      .describe("Conversions in another currency than the workspace's: counted, worth 0"),
  })
  .meta({ id: 'AttributionReport' });
