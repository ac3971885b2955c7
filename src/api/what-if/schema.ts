import { z } from 'zod';
import { CHANGE_KINDS } from '../../engine/replay/compare-candidates.ts';
import { configBody, warning } from '../config/schema.ts';
import { verdict } from '../decisions/verdict-schema.ts';
import { money, orNull, time } from '../frame/schema.ts';
import { period, periodQuery } from '../reports/schema.ts';

const weights = z
  .strictObject({
    mode: z.enum(['uplift', 'pcvl']).optional(),
    fatigue: z
      .number()
      .min(0)
      .optional()
      .describe('Cost of each contact of the last seven days, in the currency of the workspace'),
    explore: z.number().min(0).max(1).optional(),
    levers: z.record(z.string(), z.number().min(0.5).max(2)).optional().describe('By action'),
    priorities: z.record(z.string(), z.number().int()).optional().describe('By action'),
  })
  .meta({ id: 'ArbitrationWeights', description: 'Weights that differ from the active bundle' });

export const whatIfBody = periodQuery
  .omit({ format: true })
  .extend({
    files: configBody.shape.files.optional().describe('A changed bundle; it is checked and not applied'),
    version: z.number().int().positive().optional().describe('An earlier version of the bundle'),
    weights: weights.optional(),
    limit: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .default(1_000)
      .describe('Maximum number of decisions; the newest are read'),
    minimumEffect: z
      .number()
      .positive()
      .optional()
      .describe(
        'The smallest relevant difference per decision: a share, or an amount in the currency of the workspace; default: a tenth of the mean reward',
      ),
  })
  .refine(({ files, version, weights }) => [files, version, weights].filter(isGiven).length === 1, {
    error: 'give either files, a version or weights',
    params: { code: 'files_or_version' },
  })
  .meta({ id: 'WhatIfRequest' });

function isGiven(value: unknown): boolean {
  return value !== undefined;
}

const count = z.number().int();
const amount = z.union([z.number(), money]);

const judged = orNull(
  z
    .object({
      verdict: z.enum(['chosen', 'allowed', 'outranked', 'blocked']),
      propensity: z.number(),
      gates: z.array(verdict).describe('The verdicts that blocked it'),
    })
    .meta({ id: 'ReplayedVerdict' }),
);

const interval = z.object({ value: amount, low: amount, high: amount }).meta({ id: 'RewardInterval' });

const estimate = orNull(
  z
    .object({
      logged: interval.describe('Mean reward per decision in the log'),
      snips: orNull(interval),
      doublyRobust: orNull(interval).describe('Null without a model'),
      uplift: interval.describe('Estimated change of the reward per decision'),
    })
    .meta({ id: 'RewardEstimate' }),
).describe('Null if the log cannot support an estimate');

const offPolicy = {
  decisions: count,
  customers: count,
  verdict: z.enum(['ship', 'hold', 'insufficient']).meta({
    id: 'OffPolicyVerdict',
    description: '`insufficient`: the log cannot support an estimate; see `reasons`',
  }),
  reasons: z.array(z.string()).meta({
    id: 'OffPolicyReasons',
    description:
      '`no_rows`, `few_effective_rows`, `few_customers`, `wide_interval`, `unsupported` (chooses what the log never chose), `clipped`, `weights_off`, `faulty_rows`, `unrewarded`',
  }),
  estimate,
  weights: orNull(
    z
      .object({
        effectiveRows: z.number(),
        effectiveCustomers: z.number(),
        largest: z.number(),
        mean: z.number().describe('Close to 1 if the logged probabilities are correct'),
        clipped: z.number().describe('Share of the weight that was clipped'),
        unsupportedRows: count,
        unsupportedShare: z.number(),
      })
      .meta({ id: 'OffPolicyWeights' }),
  ),
};

export const whatIf = z
  .object({
    period,
    comparedVersion: z
      .string()
      .nullable()
      .describe('The earlier version that was requested; null: the files'),
    warnings: z.array(warning),
    decisions: z.object({
      total: count.describe('Decisions in the period whose inputs are stored'),
      read: count,
      replayed: count,
      notReplayable: z.array(z.object({ reason: z.string(), decisions: count })),
      changed: count.describe('Decisions that would have chosen something else'),
      customers: count.describe('Customers of the changed decisions'),
    }),
    changedFiles: z
      .array(z.object({ path: z.string(), text: z.string() }))
      .describe('The files of the active bundle that the weights change; empty unless weights were given'),
    actions: z
      .array(z.object({ action: z.string(), chosenBefore: count, chosenAfter: count }))
      .describe('How often each action was chosen in the replayed decisions, and would be under the change'),
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
              chosenBefore: count.describe('Of those, chosen under the recorded bundle'),
              chosenAfter: count.describe('Of those, chosen under the change'),
              customers: count,
            }),
          )
          .describe('By change, action and the rule that causes it; a candidate may have several rules'),
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
      .describe('Exact: each decision was replayed with its recorded facts and random draw'),
    value: z
      .object({
        verdict: offPolicy.verdict,
        excluded: z.array(z.object({ reason: z.string(), decisions: count })),
        rewards: z
          .array(
            z.object({
              kind: z.string(),
              actions: z.array(z.string()).describe('Actions with this reward that competed'),
              unit: z.enum(['share', 'money']),
              unchanged: z.boolean().describe('No decision with this reward changes'),
              minimumEffect: amount,
              contacts: z
                .object({ logged: z.number(), target: z.number() })
                .describe('Share of decisions with a contact, in the log and under the change'),
              ...offPolicy,
              faults: z.array(z.object({ fault: z.string(), decisions: count })),
              stages: z.array(z.object({ stage: z.string().nullable(), ...offPolicy })),
            }),
          )
          .describe('By kind of reward: only rewards of one kind can be compared'),
      })
      .describe('Off-policy estimate from the logged decisions, one decision ahead'),
  })
  .meta({ id: 'WhatIf', description: 'Recorded decisions replayed under other definitions' });
