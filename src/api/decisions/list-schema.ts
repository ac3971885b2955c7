import { z } from 'zod';
import { DECISION_OUTCOMES } from '../../../db/schema/values.ts';
import { actionClass, keptListOf, pageQuery, time } from '../frame/schema.ts';
import { periodQuery } from '../reports/schema.ts';
import { verdict } from './verdict-schema.ts';

const count = z.number().int();
const name = z.string().max(200).optional();

export const decisionsQuery = periodQuery.omit({ format: true }).extend({
  ...pageQuery.shape,
  action: name.describe('An action that was a candidate'),
  journey: name.describe('The journey of a candidate'),
  gate: name.describe('A gate that blocked a candidate; with action and journey, that candidate'),
  outcome: z.enum(DECISION_OUTCOMES).optional(),
});

export const decisionSummaries = keptListOf(
  z
    .object({
      id: z.string(),
      customerId: z.string(),
      customerName: z.string().nullable(),
      at: time,
      kind: z.enum(['journey', 'realtime']),
      placement: z.string().nullable(),
      outcome: z.enum(DECISION_OUTCOMES),
      journeys: z.array(z.string()).describe('Of the candidates'),
      actions: z.array(z.object({ action: z.string(), class: actionClass, channels: z.array(z.string()) })),
      candidates: z.object({ judged: count, blocked: count }),
      blockedBy: z
        .array(z.object({ action: z.string(), channel: z.string(), candidates: count, verdict }))
        .describe('Reasons that block most candidates, at most three, each with one of its verdicts'),
      explored: z.boolean().describe('Drawn for a customer of the exploration share'),
    })
    .meta({ id: 'DecisionSummary' }),
).meta({ id: 'DecisionSummaries' });
