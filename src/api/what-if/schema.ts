import { z } from 'zod';
import { CHANGE_KINDS } from '../../engine/replay/compare-candidates.ts';
import { configBody } from '../config/schema.ts';
import { verdict } from '../decisions/verdict-schema.ts';
import { money, orNull, time } from '../frame/schema.ts';
import { period, periodQuery } from '../reports/schema.ts';

export const whatIfBody = periodQuery
  .extend({
    files: configBody.shape.files.optional().describe('A changed bundle: checked, and not applied'),
    version: z.number().int().positive().optional().describe('An earlier bundle instead'),
    limit: z.number().int().min(1).max(10_000).default(1_000).describe('Decisions at most, the newest'),
    matters: z
      .number()
      .positive()
      .optional()
      .describe(
        "The smallest difference per decision that matters: a share, or an amount in the workspace's currency; default: a tenth of what was earned",
      ),
  })
  .refine((body) => (body.files === undefined) !== (body.version === undefined), {
    error: 'give either files or a version',
    params: { code: 'files_or_version' },
  });

const count = z.number().int();
const amount = z.union([z.number(), money]);

const judged = orNull(
  z.object({
    verdict: z.enum(['chosen', 'allowed', 'outranked', 'blocked']),
    propensity: z.number(),
    gates: z.array(verdict).describe('Those that stood in its way'),
  }),
);

const interval = z.object({ value: amount, low: amount, high: amount });

const estimate = orNull(
  z.object({
    logged: interval.describe('Reward per decision as it was'),
    snips: orNull(interval),
    doublyRobust: orNull(interval).describe('Null without a model'),
    uplift: interval.describe('What the change would add per decision'),
  }),
).describe('Null where the log can carry no answer');

const offPolicy = {
  decisions: count,
  customers: count,
  verdict: z
    .enum(['ship', 'hold', 'insufficient'])
    .describe('`insufficient`: the log can tell nothing, `reasons` say why'),
  reasons: z
    .array(z.string())
    .describe(
      '`no_rows`, `few_effective_rows`, `few_customers`, `wide_interval`, `unsupported` (does what the log never tried), `clipped`, `weights_off`, `faulty_rows`, `unrewarded`',
    ),
  estimate,
  weights: orNull(
    z.object({
      effectiveRows: z.number(),
      effectiveCustomers: z.number(),
      largest: z.number(),
      mean: z.number().describe('Close to 1, if the logged probabilities are right'),
      clipped: z.number().describe('Share of the weight that was cut off'),
      unsupportedRows: count,
      unsupportedShare: z.number(),
    }),
  ),
};

export const whatIf = z
  .object({
    period,
    against: z.string().nullable().describe('The earlier bundle that was asked for; null: the files'),
    warnings: z.array(z.object({ file: z.string(), path: z.string(), message: z.string() })),
    decisions: z.object({
      all: count.describe('In the period, with what they rested on'),
      read: count,
      replayed: count,
      notReplayable: z.array(z.object({ reason: z.string(), decisions: count })),
      otherwise: count.describe('Where something else would have been taken'),
      customers: count.describe('Of those'),
    }),
    gates: z
      .object({
        candidates: count,
        summary: z
          .array(
            z.object({
              change: z.enum(CHANGE_KINDS),
              action: z.string(),
              gate: z.string().nullable(),
              code: z.string().nullable(),
              candidates: count,
              chosenBefore: count.describe('Of those, taken as it was'),
              chosenAfter: count.describe('Of those, taken under the change'),
              customers: count,
            }),
          )
          .describe(
            'By change, action and the rule that accounts for it; a candidate may have several rules',
          ),
        examples: z.array(
          z.object({
            decisionId: z.string(),
            customerId: z.string(),
            at: time,
            enrollmentId: z.string(),
            action: z.string(),
            channel: z.string(),
            change: z.enum(CHANGE_KINDS),
            before: judged,
            after: judged,
          }),
        ),
      })
      .describe('Exact: each decision was asked again, with the facts and the draw of then'),
    value: z
      .object({
        verdict: offPolicy.verdict,
        leftOut: z.array(z.object({ reason: z.string(), decisions: count })),
        rewards: z
          .array(
            z.object({
              kind: z.string(),
              actions: z.array(z.string()).describe('With this reward, as far as they competed'),
              unit: z.enum(['share', 'money']),
              same: z.boolean().describe('Nothing is decided otherwise, as far as this reward goes'),
              matters: amount,
              contacts: z
                .object({ logged: z.number(), target: z.number() })
                .describe('Share of decisions in which something is done: what the reward costs'),
              ...offPolicy,
              faults: z.array(z.object({ fault: z.string(), decisions: count })),
              stages: z.array(z.object({ stage: z.string().nullable(), ...offPolicy })),
            }),
          )
          .describe('By what is counted as a success: only that can be compared'),
      })
      .describe('By off-policy evaluation: one step, from what was logged'),
  })
  .meta({ id: 'WhatIf', description: 'Recorded decisions under other definitions. Nothing is applied' });
