import { z } from 'zod';
import { orNull, time } from '../frame/schema.ts';
import { countedAt, headline, period, sampleRatio } from './schema.ts';

const customers = z.number().int();

export const armSizes = z
  .object({
    treated: customers,
    control: customers,
    excluded: customers.describe(
      'Excluded: a merge brought two arms together, or an edit of the holdout changed the arm',
    ),
  })
  .meta({ id: 'ArmSizes' });

export const sampleShare = z
  .number()
  .describe('Share of customers examined: above 200,000 a sample that is independent of the arms');

const experiment = {
  customers: armSizes,
  expectedControlShare: z.number().describe('Expected share of controls by the holdouts at entry, 0…1'),
  sampleRatio,
  goal: headline.describe('Share of customers who reached the goal'),
};

const splitArm = z
  .object({
    arm: z.string(),
    customers,
    rate: orNull(z.object({ mean: z.number(), low: z.number(), high: z.number() })).describe(
      'Share of customers who reached the goal; null if the arms cannot be compared',
    ),
    comparison: orNull(headline).describe('Comparison with the first arm; null for the first arm'),
  })
  .meta({ id: 'SplitArm' });

const split = {
  sampleRatio,
  arms: z.array(splitArm),
  winner: z
    .string()
    .nullable()
    .describe(
      'The arm that is significantly better than each other arm, by at least the detectable difference',
    ),
  unknownArms: customers.describe('Customers in arms that the bundle no longer has'),
};

export const experiments = z
  .object({
    asOf: time,
    countedAt,
    period: period.describe('Period of first entries: each customer counts once per experiment'),
    global: z
      .object({ ...experiment, sample: sampleShare })
      .describe('All marketing against the global control; reaching the goal of any journey counts'),
    journeys: z.array(
      z.object({ journey: z.string(), stage: z.string().nullable(), kpi: z.string(), ...experiment }),
    ),
    splits: z.array(z.object({ journey: z.string(), step: z.string(), ...split })),
    variants: z.array(z.object({ action: z.string(), channel: z.string(), ...split })),
  })
  .meta({
    id: 'ExperimentsReport',
    description: 'Every running experiment, with its validity checks',
  });
