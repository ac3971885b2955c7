import { z } from 'zod';
import { AUTONOMY } from '../../domain/definition.ts';
import { keptListOf, money, time } from '../frame/schema.ts';
import { verdict } from './verdict-schema.ts';

const delivery = z.object({
  id: z.string(),
  channel: z.string(),
  variant: z.string().nullable(),
  locale: z.string().nullable(),
  sendAt: time,
  sendReason: z.string().describe('Why at this time: `now`, or what the send time is based on'),
  state: z.string(),
});

const action = z.object({
  action: z.string(),
  class: z.string(),
  enrollmentId: z.string(),
  deliveries: z.array(delivery),
  task: z.object({ id: z.string(), queue: z.string() }).optional(),
  variant: z
    .string()
    .nullable()
    .optional()
    .describe('Real-time decisions only: the test variant that was offered'),
  cost: money.optional().describe('Real-time decisions only'),
  rank: z.number().int().optional().describe('Real-time decisions only: position in the list, from 1'),
  propensity: z.number().describe('Probability with which the action was chosen'),
  reasons: z
    .array(z.string())
    .describe('`highest_class`, `highest_score`, `drawn` (another scored higher), `explored` or `fallback`'),
});

const scoreParts = z
  .object({
    expected: z.number().describe('Expected reward: a probability, or minor units where amounts are learned'),
    baseline: z.number().describe('Expected reward without the action; 0 where it is not subtracted'),
    value: money.describe('Value of one reward'),
    context: z.number(),
    lever: z.number(),
    cost: money,
    fatigue: money,
    evidence: z.number().describe('Evidence of the model, as a number of current observations'),
    hasEvidence: z.boolean().describe('Whether the model has any observation of this action'),
  })
  .describe('value × context × lever × (expected − baseline) − cost − fatigue; missing where rules decided');

const candidate = z.object({
  action: z.string(),
  class: z.string(),
  channel: z.string(),
  enrollmentId: z.string(),
  verdict: z.enum(['chosen', 'allowed', 'outranked', 'blocked']),
  score: z
    .number()
    .describe('Expected money, as a decimal amount; where rules decided, value × lever less cost'),
  propensity: z.number(),
  scoreParts: scoreParts.optional(),
  gates: z.array(verdict),
});

const autonomy = z.enum(AUTONOMY);
const policy = z.enum(['rules', 'thompson', 'square_cb', 'random']);
const model = z.string().nullable().describe('`m-{version}`; null: no model was used');

const arbitration = z.object({
  policy,
  autonomy,
  model,
  chosen: z.string().describe('`{action}/{channel}`, or `∅` for doing nothing'),
  propensity: z.number(),
  reasons: z.array(z.string()).describe('Starts with `do_nothing` where doing nothing won'),
  arms: z
    .array(z.object({ arm: z.string(), probability: z.number(), score: z.number().nullable() }))
    .describe('All arms with their probabilities before the draw'),
  pendingRewards: z
    .array(z.object({ arm: z.string(), action: z.string(), until: time }))
    .describe('Outcomes that are awaited, each with its deadline'),
  exclusions: z
    .array(z.object({ code: z.string(), subject: z.string() }))
    .describe('Arms that could not compete, each with a reason code'),
});

export const decision = z
  .object({
    id: z.string(),
    customerId: z.string(),
    ordinal: z
      .number()
      .int()
      .nullable()
      .describe('Position in the journey of the customer; null for real-time decisions'),
    at: time,
    committedAt: time,
    kind: z
      .enum(['journey', 'realtime'])
      .describe('`journey`: made by the workflow; `realtime`: requested with POST /v1/decisions'),
    placement: z.string().nullable(),
    expiresAt: time.nullable(),
    eventRange: z
      .object({ fromSeq: z.number().int(), toSeq: z.number().int() })
      .describe('The decision processed the events after `fromSeq` up to and including `toSeq`'),
    autonomy: autonomy.describe(
      'How marketing actions were chosen: the most cautious autonomy of all candidates',
    ),
    policy,
    versions: z.object({
      bundle: z.string(),
      model,
      scores: z.string().nullable().describe('`s-{version}` of the nightly fit; null: none yet'),
    }),
    outcome: z.enum(['acted', 'held', 'nothing', 'moved', 'offered', 'fallback']),
    actions: z.array(action),
    candidates: z.array(candidate),
    arbitrations: z
      .array(arbitration)
      .describe('One entry per competition of marketing actions; in real-time decisions one per rank'),
    changes: z
      .array(z.looseObject({ kind: z.string() }))
      .describe('What changed: enrollments, segments, stage and dates, by `kind`'),
    events: z
      .array(z.object({ id: z.string(), seq: z.number().int(), name: z.string(), at: time }))
      .optional()
      .describe('The newest events that it processed; only of a single decision'),
    scores: z
      .record(z.string(), z.number())
      .nullable()
      .describe("The customer's scores that conditions and features read; null where none were recorded"),
    dataUsed: z
      .array(
        z.object({
          attribute: z.string().describe('`traits.{name}` or `account.{name}`'),
          permission: z.string().describe('`consent:{purpose}`, `declared:{use}` or `undeclared`'),
          source: z.string(),
          party: z.string(),
          at: time,
          stale: z.boolean().describe('The declared fallback was used'),
          actions: z.array(z.string()),
        }),
      )
      .describe('Attributes that the decision used: by which actions, and under which permission'),
  })
  .meta({
    id: 'Decision',
    description: 'One decision, with every candidate and every verdict',
  });

export const decisionList = keptListOf(decision).meta({ id: 'DecisionList' });
