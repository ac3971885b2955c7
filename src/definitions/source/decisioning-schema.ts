import { z } from 'zod';
import { FACTORS, HARMS } from '../../domain/definition.ts';
import { cel, choice, id, percent, positiveDuration, timeOfDay } from './scalars.ts';

/** The keys of workspace.yaml that say how decisions are made and how a customer's value is computed. */

export const arbitration = z
  .strictObject({
    mode: choice(['uplift', 'pcvl'])
      .default('uplift')
      .describe(
        'uplift: by what an action adds compared with doing nothing. pcvl: propensity × context × value × lever.',
      ),
    off: z.array(choice(FACTORS)).default([]).describe('Factors that are not used.'),
    fatigue: z
      .number()
      .min(0)
      .default(0)
      .describe("What each contact of the last seven days costs in goodwill, in the workspace's currency."),
    explore: percent
      .default('2%')
      .describe(
        'Share of customers whose decisions are drawn uniformly from all allowed actions. Others each month.',
      ),
  })
  .describe('How marketing actions are weighed against each other and against doing nothing.');

export const ideal = z
  .array(
    z.strictObject({
      id,
      when: cel.describe('True for customers whom it describes.'),
      weight: z.number().positive().default(1).describe('Its weight relative to the others.'),
    }),
  )
  .describe('Describes the ideal customer. The share of the weight that holds is scores.type.');

const share = z.number().min(0).max(1);

export const worth = z
  .strictObject({
    margin: percent.default('30%').describe("Share of an order's amount that is earned."),
    discount: percent.default('10%').describe("A year's discount on what is earned later."),
    horizon: positiveDuration.default('52w').describe('How far ahead value is predicted, in whole weeks.'),
    weights: z
      .strictObject({
        future: share.default(0.6),
        margin: share.default(0.2),
        advocacy: share.default(0.1),
        engagement: share.default(0.1),
      })
      .prefault({})
      .describe('Weights of the parts of the value thermometer. They sum to 1.'),
    warm: z.number().min(0).max(100).default(50).describe('Where the thermometer reads warm.'),
    hot: z.number().min(0).max(100).default(80).describe('Where it reads hot.'),
  })
  .describe("How a customer's value is computed.");

export const guardrails = z
  .strictObject({
    harms: z
      .array(choice(HARMS))
      .min(1)
      .default([...HARMS])
      .describe('Events that count as harm.'),
    tolerance: z
      .number()
      .min(1)
      .max(10)
      .default(1)
      .describe('Tolerated odds of harm compared with the controls: 1.1 tolerates a tenth more.'),
    within: positiveDuration.default('14d').describe('How long after a contact a harm counts.'),
  })
  .describe(
    'Pauses a marketing action whose customers suffer more harm than the controls. Without it no action is paused.',
  );

export const sendTime = z
  .strictObject({
    fallback: timeOfDay
      .optional()
      .describe(
        "Time on the customer's clock, used while no customer's hours are known. Without it: at once.",
      ),
    explore: percent
      .default('5%')
      .describe('Share of messages that are sent at a random hour, so that other hours are tried too.'),
  })
  .describe('When messages are sent for steps with autonomy ai_auto.');
