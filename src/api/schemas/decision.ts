import { z } from 'zod';
import { listOf, time } from './common.ts';
import { verdict } from './verdict.ts';

const delivery = z.object({
  id: z.string(),
  channel: z.string(),
  variant: z.string().nullable(),
  locale: z.string().nullable(),
  sendAt: time,
  state: z.string(),
});

const action = z.object({
  action: z.string(),
  class: z.string(),
  enrollmentId: z.string(),
  deliveries: z.array(delivery),
  task: z.object({ id: z.string(), queue: z.string() }).optional(),
  propensity: z.number(),
  reasons: z.array(z.string()),
});

const candidate = z.object({
  action: z.string(),
  class: z.string(),
  channel: z.string(),
  enrollmentId: z.string(),
  verdict: z.enum(['chosen', 'allowed', 'outranked', 'blocked']),
  score: z.number(),
  propensity: z.number(),
  gates: z.array(verdict),
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
    autonomy: z.string(),
    policy: z.string(),
    versions: z.object({ bundle: z.string(), model: z.string().nullable() }),
    outcome: z.enum(['acted', 'held', 'nothing', 'moved', 'offered', 'fallback']),
    actions: z.array(action),
    candidates: z.array(candidate),
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
