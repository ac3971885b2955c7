import { z } from 'zod';
import { AUTONOMY } from '../../domain/definition.ts';
import { money, orNull } from '../frame/schema.ts';
import { period } from './schema.ts';

const count = z.number().int();

const fates = {
  judged: count.describe('Candidates'),
  chosen: count,
  outranked: count.describe('Passed every gate and lost to another'),
  allowed: count.describe('Passed every gate, and doing nothing was better'),
  blocked: count,
};

const probabilities = z
  .object({
    cases: count,
    predicted: z.number().describe('Mean prediction'),
    happened: z.number().describe('The share for whom it happened'),
    bins: z
      .array(
        z.object({
          cases: count,
          from: z.number(),
          to: z.number(),
          predicted: z.number(),
          happened: z.number(),
        }),
      )
      .describe('About equally many cases each; predicted and happened are alike in a calibrated model'),
    ece: z.number().describe('Expected calibration error'),
    brier: z.number(),
    brierOfMean: z.number().describe('Of predicting the overall share for everybody'),
    faulty: count.describe('Predictions that were no probability; they are in no other number'),
  })
  .meta({ id: 'Calibration' });

export const decisionsReportSchema = z
  .object({
    period,
    decisions: z.object({
      all: count,
      lookedAt: count.describe('Of very many a share, which follows from their ids alone'),
      sampled: z.boolean(),
    }),
    outcomes: z.array(
      z.object({
        kind: z.enum(['central', 'local']),
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
          rule: z.string().nullable().describe('As in a verdict; null where it names none'),
          blocked: count.describe('Candidates that it blocked'),
          alone: count.describe('Of those, what nothing else blocked'),
          share: z.number().describe('Of all candidates'),
          withoutAction: z
            .object({
              decisions: count,
              customers: count,
              alone: count.describe('Decisions where some candidate was blocked by nothing else'),
            })
            .describe('Where it blocked something, and no action was taken'),
        }),
      )
      .describe('The most blocking first'),
    actions: z.array(z.object({ action: z.string(), ...fates })),
    stages: z.array(z.object({ stage: z.string().nullable(), ...fates })).describe('By stage of the journey'),
    policies: z
      .array(
        z.object({
          policy: z.string().describe('`rules`, `thompson`, `square_cb` or `random`'),
          autonomy: z.enum(AUTONOMY),
          model: count.nullable().describe('Version; null where none was asked'),
          decisions: count,
          share: z.number(),
          nothing: count.describe('Where doing nothing was drawn'),
          meanPropensity: z.number(),
          leastPropensity: z.number(),
          refused: count.describe('Where something was left out'),
        }),
      )
      .describe('Who decided among marketing actions'),
    calibration: z
      .object({
        truncated: z.boolean().describe('There are more; these are the newest'),
        probabilities: orNull(probabilities),
        amounts: orNull(z.object({ cases: count, predicted: money, happened: money })),
      })
      .describe('What was predicted of the chosen actions against what came; null without cases'),
  })
  .meta({ id: 'DecisionsReport' });
