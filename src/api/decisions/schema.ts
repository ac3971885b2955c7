import { z } from 'zod';
import { AUTONOMY } from '../../domain/definition.ts';
import { listOf, money, time } from '../frame/schema.ts';
import { verdict } from './verdict-schema.ts';

const delivery = z.object({
  id: z.string(),
  channel: z.string(),
  variant: z.string().nullable(),
  locale: z.string().nullable(),
  sendAt: time,
  why: z.string().describe('Why then: `now`, or what the send time rests on'),
  state: z.string(),
});

const action = z.object({
  action: z.string(),
  class: z.string(),
  enrollmentId: z.string(),
  deliveries: z.array(delivery),
  task: z.object({ id: z.string(), queue: z.string() }).optional(),
  variant: z.string().nullable().optional().describe('Of one on the spot: the test variant that was offered'),
  cost: money.optional().describe('Of one on the spot'),
  propensity: z.number().describe('With which probability it was chosen'),
  reasons: z
    .array(z.string())
    .describe('`highest_class`, `highest_score`, `drawn` (another scored higher), `explored` or `fallback`'),
});

const weighed = z
  .object({
    expected: z.number().describe('Expected reward: a probability, or minor units where amounts are learned'),
    baseline: z.number().describe('The same when nothing is done; 0 where it isn’t subtracted'),
    value: money.describe('What a reward is worth'),
    context: z.number(),
    lever: z.number(),
    cost: money,
    fatigue: money,
    evidence: z.number().describe('What the model’s evidence is worth, in observations made just now'),
    hasEvidence: z.boolean().describe('Whether the model has ever learned of it'),
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
  scoreParts: weighed.optional(),
  gates: z.array(verdict),
});

const autonomy = z.enum(AUTONOMY);
const policy = z.enum(['rules', 'thompson', 'square_cb', 'random']);
const model = z.string().nullable().describe('`m-{version}`; null: none was asked');

const arbitration = z.object({
  policy,
  autonomy,
  model,
  chosen: z.string().describe('`{action}/{channel}`, or `∅` for doing nothing'),
  propensity: z.number(),
  reasons: z.array(z.string()).describe('`do_nothing` in front where doing nothing won'),
  arms: z
    .array(z.object({ arm: z.string(), probability: z.number(), score: z.number().nullable() }))
    .describe('Everything that could be chosen: the whole distribution, before one was drawn'),
  awaits: z
    .array(z.object({ arm: z.string(), action: z.string(), until: time }))
    .describe('What has to be seen to know whether it was right'),
  refused: z
    .array(z.object({ code: z.string(), subject: z.string() }))
    .describe('What was left out, and why'),
});

export const decision = z
  .object({
    id: z.string(),
    customerId: z.string(),
    ordinal: z.number().int().nullable().describe('Null for one on the spot'),
    at: time,
    committedAt: time,
    kind: z.enum(['central', 'local']).describe('`local`: asked for on the spot'),
    placement: z.string().nullable(),
    expiresAt: time.nullable(),
    took: z
      .object({ fromSeq: z.number().int(), toSeq: z.number().int() })
      .describe('Events after `fromSeq`, up to `toSeq`'),
    autonomy: autonomy.describe(
      'Who decided among marketing actions: the most cautious of all that competed',
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
      .describe('Each time that marketing actions competed; on the spot once per place of the list'),
    changes: z.array(z.record(z.string(), z.unknown())).describe('What happened to enrollments'),
    dataUsed: z
      .array(
        z.object({
          attribute: z.string().describe('`traits.{name}` or `account.{name}`'),
          permission: z.string().describe('`consent:{purpose}`, `declared:{use}` or `undeclared`'),
          source: z.string(),
          party: z.string(),
          at: time,
          stale: z.boolean().describe('Its declared fallback was used'),
          actions: z.array(z.string()),
        }),
      )
      .describe('What the customer shared and which action used it, under which permission'),
  })
  .meta({
    id: 'Decision',
    description: 'One run of the decisioning, with every candidate and every verdict',
  });

export const decisionList = listOf(decision).meta({ id: 'DecisionList' });
