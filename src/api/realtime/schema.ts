import { z } from 'zod';
import { OUTCOME_KINDS } from '../../app/decide/realtime/record-outcome.ts';
import { actionClass, orNull, time } from '../frame/schema.ts';

const name = z.string().min(1).max(255);

export const realtimeDecisionBody = z
  .object({
    customer: z
      .string()
      .min(1)
      .max(600)
      .nullable()
      .default(null)
      .describe(
        'Reference to the customer: `cus_…`, `user:…`, `anon:…`, `ext:{type}:{id}`, `email:…` or `phone:…`; null: unknown',
      ),
    placement: name.describe('The placement of the bundle to fill'),
    channel: name.optional().describe('Must be the channel of the placement, if given'),
    limit: z
      .int()
      .min(1)
      .max(20)
      .optional()
      .describe('Maximum number of actions; the placement may show fewer'),
    dryRun: z.boolean().default(false).describe('Returns an answer and stores nothing'),
    content: z
      .boolean()
      .default(false)
      .describe('Include the rendered text, on channels that the caller displays itself'),
  })
  .meta({ id: 'RealtimeDecisionRequest' });

export const realtimeDecision = z
  .object({
    decisionId: z
      .string()
      .nullable()
      .describe(
        'Id for reporting outcomes. Null: the decision was not stored (dry run, unknown customer, deadline passed)',
      ),
    customerId: z.string().nullable().describe('The customer that the reference leads to; null: unknown'),
    placement: z.string(),
    channel: z.string(),
    at: time,
    expiresAt: time.describe('The answer may be cached until then'),
    ttlSeconds: z.number().int(),
    fallbackReason: orNull(
      z.enum([
        'deadline',
        'limit_exceeded',
        'unavailable',
        'unknown_customer',
        'nothing_allowed',
        'do_nothing',
      ]),
    ).describe(
      'Why `actions` is the fallback of the placement; null: it was decided. `do_nothing`: doing nothing won',
    ),
    bundle: z.string(),
    actions: z
      .array(
        z.object({
          action: z.string(),
          class: actionClass,
          rank: z.number().int(),
          variant: z.string().nullable().describe('Test variant of the content'),
          propensity: z
            .number()
            .describe('Probability of the action at this rank, given the actions above it'),
          reasons: z
            .array(z.string())
            .describe('`highest_class`, `highest_score`, `drawn`, `explored` or `fallback`'),
          content: z
            .object({ text: z.string(), locale: z.string() })
            .nullable()
            .optional()
            .describe('Only if requested; null: the content could not be rendered'),
        }),
      )
      .describe('Best first. Empty: show nothing'),
  })
  .meta({ id: 'RealtimeDecision', description: 'The actions to show now at one placement' });

export const outcomeBody = z
  .object({
    actionId: name,
    kind: z.enum(OUTCOME_KINDS),
    at: z.iso.datetime({ offset: true }).optional().describe('When it happened; default: now'),
  })
  .meta({ id: 'ActionOutcome' });

export const outcomeRecorded = z
  .object({
    decisionId: z.string(),
    actionId: z.string(),
    kind: z.enum(OUTCOME_KINDS),
    deliveryId: z.string().describe('The delivery that records this contact'),
    at: time,
    late: z.boolean().describe('Reported after the answer had expired'),
  })
  .meta({ id: 'OutcomeRecorded', description: 'The outcome of an action that was offered' });
