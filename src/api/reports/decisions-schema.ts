import { z } from 'zod';
import { AUTONOMY } from '../../domain/definition.ts';
import { money, orNull } from '../frame/schema.ts';
import { countedAt, period } from './schema.ts';

const count = z.number().int();

const verdictCounts = {
  judged: count.describe('Candidates'),
  chosen: count,
  outranked: count.describe('Passed every gate and lost to another candidate'),
  allowed: count.describe('Passed every gate and lost to doing nothing'),
  blocked: count,
};

/** Predicted probabilities against what happened. */
export const probabilities = z
  .object({
    cases: count,
    predicted: z.number().describe('Mean prediction'),
    occurred: z.number().describe('Share of cases where it happened'),
    bins: z
      .array(
        z.object({
          cases: count,
          from: z.number(),
          to: z.number(),
          predicted: z.number(),
          occurred: z.number(),
          low: z.number().describe('95% interval of `occurred`'),
          high: z.number(),
        }),
      )
      .describe(
        'Bins with about the same number of cases each; predicted and occurred are close in a calibrated model',
      ),
    ece: z.number().describe('Expected calibration error'),
    brier: z.number(),
    brierOfMean: z.number().describe('Brier score of predicting the overall share for each case'),
    faulty: count.describe('Predictions outside 0…1; excluded from all other numbers'),
  })
  .meta({ id: 'Calibration' });

export const decisionsReportSchema = z
  .object({
    countedAt,
    period,
    decisions: z.object({
      total: count,
      examined: count.describe('Decisions that were examined: of many, a sample by id'),
      sampled: z.boolean(),
    }),
    outcomes: z.array(
      z.object({
        kind: z.enum(['journey', 'realtime']),
        outcome: z.string(),
        decisions: count,
        customers: count,
      }),
    ),
    rules: z
      .array(
        z.object({
          gate: z.string(),
          code: z.string(),
          rule: z.string().nullable().describe('Path of the rule, as in a verdict; null for built-in rules'),
          blocked: count.describe('Candidates that the rule blocked'),
          alone: count.describe('Of those, candidates that no other rule blocked'),
          share: z.number().describe('Share of all candidates'),
          withoutAction: z
            .object({
              decisions: count,
              customers: count,
              alone: count.describe('Decisions in which a candidate was blocked by this rule only'),
            })
            .describe('Decisions without an action in which the rule blocked a candidate'),
        }),
      )
      .describe('In descending order of `blocked`'),
    actions: z.array(z.object({ action: z.string(), ...verdictCounts })),
    stages: z
      .array(z.object({ stage: z.string().nullable(), ...verdictCounts }))
      .describe('By stage of the journey'),
    days: z
      .array(
        z.object({
          day: z.iso.date(),
          decisions: count,
          ...verdictCounts,
          reasons: z
            .array(z.object({ gate: z.string(), code: z.string(), blocked: count, alone: count }))
            .describe('Candidates that a gate blocked for a reason, and those that nothing else blocked'),
        }),
      )
      .describe('By day (UTC), oldest first; days without decisions are left out'),
    policies: z
      .array(
        z.object({
          policy: z.string().describe('`rules`, `thompson`, `square_cb` or `random`'),
          autonomy: z.enum(AUTONOMY),
          model: count.nullable().describe('Version of the model; null: no model was used'),
          decisions: count,
          share: z.number(),
          doNothing: count.describe('Decisions where doing nothing was drawn'),
          meanPropensity: z.number(),
          leastPropensity: z.number(),
          withExclusions: count.describe('Decisions where an arm could not compete'),
        }),
      )
      .describe('By which policy marketing actions were chosen'),
    calibration: z
      .object({
        truncated: z.boolean().describe('Only the newest predictions were read'),
        probabilities: orNull(probabilities),
        amounts: orNull(z.object({ cases: count, predicted: money, observed: money })),
      })
      .describe('Predicted against observed rewards of the chosen actions; null without cases'),
  })
  .meta({ id: 'DecisionsReport' });
