import { z } from 'zod';
import { time } from '../frame/schema.ts';
import { headline, period, sampleRatio } from './schema.ts';

const customers = z.number().int();

export const armSizes = z
  .object({
    treated: customers,
    control: customers,
    excluded: customers.describe('Left out: two arms met in a merge, or an edit of the holdout moved them'),
  })
  .meta({ id: 'ArmSizes' });

export const sampleShare = z
  .number()
  .describe('Share of all customers that it looks at: beyond 200,000 a sample that knows nothing of arms');

const experiment = {
  customers: armSizes,
  expectedControlShare: z.number().describe('By the holdouts that they entered under, 0…1'),
  sampleRatio,
  goal: headline.describe('Share of customers who reached the goal'),
};

const split = {
  sampleRatio,
  arms: z.array(
    z.object({
      arm: z.string(),
      customers,
      rate: z
        .object({ mean: z.number(), low: z.number(), high: z.number() })
        .nullable()
        .describe('Share of customers who reached the goal; null where nothing may be compared'),
      against: headline.nullable().describe('Against the first arm; null for that one'),
    }),
  ),
  winner: z
    .string()
    .nullable()
    .describe('Better than each other arm, beyond chance and by as much as could be relied on to be seen'),
  unknown: customers.describe('Customers in arms that the bundle does not have any more'),
};

export const experiments = z
  .object({
    asOf: time,
    period: period.describe('Of first entries: each customer counts once per experiment'),
    global: z
      .object({ ...experiment, sample: sampleShare })
      .describe('All marketing together against the global control; the goal is that of any journey'),
    journeys: z.array(
      z.object({ journey: z.string(), stage: z.string().nullable(), kpi: z.string(), ...experiment }),
    ),
    splits: z.array(z.object({ journey: z.string(), step: z.string(), ...split })),
    variants: z.array(z.object({ action: z.string(), channel: z.string(), ...split })),
  })
  .meta({
    id: 'ExperimentsReport',
    description: 'Every experiment that runs, and whether it can be believed',
  });
