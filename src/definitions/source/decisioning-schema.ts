import { z } from 'zod';
import { FACTORS, HARMS } from '../../domain/definition.ts';
import { cel, choice, id, percent, positiveDuration, timeOfDay } from './scalars.ts';

/** The keys of `workspace.yaml` that say how decisions are made, and how it is reckoned what they were worth. */

export const arbitration = z
  .strictObject({
    mode: choice(['uplift', 'pcvl'])
      .default('uplift')
      .describe(
        'uplift: by what an action adds to doing nothing. pcvl: propensity × context × value × lever.',
      ),
    off: z.array(choice(FACTORS)).default([]).describe('Factors that are left out.'),
    fatigue: z
      .number()
      .min(0)
      .default(0)
      .describe("What one contact within the last week costs in goodwill, in the workspace's currency."),
    explore: percent
      .default('2%')
      .describe('Share of customers for whom a month’s decisions are drawn alike from all that is allowed.'),
  })
  .describe('How marketing actions are weighed against each other and against doing nothing.');

export const ideal = z
  .array(
    z.strictObject({
      id,
      when: cel.describe('True for whom it fits.'),
      weight: z.number().positive().default(1).describe('How much it counts beside the others.'),
    }),
  )
  .describe('What the ideal customer is like: the share of it that holds is scores.type.');

const share = z.number().min(0).max(1);

export const worth = z
  .strictObject({
    margin: percent.default('30%').describe("Share of an order's amount that is earned."),
    discount: percent.default('10%').describe("A year's discount on what is earned later."),
    horizon: positiveDuration.default('52w').describe('How far ahead is looked: whole weeks.'),
    weights: z
      .strictObject({
        future: share.default(0.6),
        margin: share.default(0.2),
        advocacy: share.default(0.1),
        engagement: share.default(0.1),
      })
      .prefault({})
      .describe('Of the parts of the value thermometer. They sum to 1.'),
    warm: z.number().min(0).max(100).default(50).describe('Where the thermometer reads warm.'),
    hot: z.number().min(0).max(100).default(80).describe('Where it reads hot.'),
  })
  .describe('How the worth of a customer is reckoned.');

export const guardrails = z
  .strictObject({
    harms: z
      .array(choice(HARMS))
      .min(1)
      .default([...HARMS])
      .describe('What is watched.'),
    tolerance: z
      .number()
      .min(1)
      .max(10)
      .default(1)
      .describe('Odds against the controls that are borne: 1.1 bears a tenth more.'),
    within: positiveDuration.default('14d').describe('How long after a contact a harm counts.'),
  })
  .describe(
    'A marketing action whose customers fare worse than the controls is paused. Nobody watches without.',
  );

export const sendTime = z
  .strictObject({
    fallback: timeOfDay
      .optional()
      .describe("By the customer's clock, where nothing is known of anybody's hours. At once, if left out."),
    explore: percent
      .default('5%')
      .describe('Share of messages that go out at a random hour, so that other hours are ever tried.'),
  })
  .describe('When messages of steps go out whose autonomy is ai_auto.');
