import { z } from 'zod';
import { money, orNull, time } from '../frame/schema.ts';
import { armSizes, sampleShare } from './experiments-schema.ts';
import { countedAt, headline, moneyHeadline, period, sampleRatio } from './schema.ts';

const report = {
  sampleRatio,
  value: moneyHeadline.describe('Earned per customer: orders that were kept, times the margin'),
  frequency: headline.describe('Purchases per customer'),
  loyalty: headline.describe('Share of customers who bought again'),
  advocacy: headline.describe('Share of customers who recommended'),
};

const ratio = z.object({ amount: z.number(), low: z.number(), high: z.number() });

const worth = {
  customers: armSizes,
  ...report,
  incremental: orNull(z.object({ amount: money, low: money, high: money })).describe(
    'Value that treatment has added, over all treated customers; null without a valid control',
  ),
  efficiency: z.object({
    contacts: z.number().int(),
    spend: money,
    costPerContact: orNull(money),
    valuePerSpend: orNull(ratio).describe('Incremental value per unit spent, with its interval'),
    costPerUnit: orNull(ratio).describe(
      'Spend per incremental unit of value; null unless the whole interval of the value lies above zero',
    ),
  }),
  cohorts: z
    .array(z.object({ cohort: z.string(), ...report }).meta({ id: 'ValueCohort' }))
    .describe('By the month in which they entered; for all marketing, have been known since'),
};

export const value = z
  .object({
    asOf: time,
    countedAt,
    period: period.describe('Of first entries; value counts from there to its end'),
    currency: z.string(),
    margin: z.number().describe("Share of an order's amount that is earned"),
    otherCurrencies: z.number().int().describe('Purchases in other currencies: left out'),
    global: z
      .object({
        ...worth,
        sample: sampleShare,
        lifecycle: z
          .object({
            acquisition: headline.describe(
              'Share of customers without an order before who bought for the first time',
            ),
            engagement: headline.describe('Share of customers with activity of their own'),
            retention: headline.describe('Share of customers with an order before who bought again'),
          })
          .describe('The parts of the life cycle; they are not added up'),
      })
      .describe('All marketing together, against the global control'),
    journeys: z.array(
      z.object({ journey: z.string(), stage: z.string().nullable(), kpi: z.string(), ...worth }),
    ),
  })
  .meta({
    id: 'ValueReport',
    description: 'What customers are worth because of what was done, and its price',
  });
