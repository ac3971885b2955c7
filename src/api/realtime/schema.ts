import { z } from 'zod';
import { OUTCOME_KINDS } from '../../app/decide/realtime/record-outcome.ts';
import { actionClass, orNull, time } from '../frame/schema.ts';

const name = z.string().min(1).max(255);

export const realtimeDecisionBody = z.object({
  customer: z
    .string()
    .min(1)
    .max(600)
    .nullable()
    .default(null)
    .describe(
      'Who is there: `cus_…`, `user:…`, `anon:…`, `ext:{type}:{id}`, `email:…` or `phone:…`; null: nobody knows',
    ),
  placement: name.describe('Where it is asked: a placement of the bundle'),
  channel: name.optional().describe('If given, it must be the placement’s'),
  limit: z.int().min(1).max(20).optional().describe('At most so many; never more than the placement shows'),
  dryRun: z.boolean().default(false).describe('Answers, and keeps nothing'),
  content: z
    .boolean()
    .default(false)
    .describe('With the rendered text, on channels that the caller shows itself'),
});

export const realtimeDecision = z
  .object({
    decisionId: z
      .string()
      .nullable()
      .describe('For its outcomes. Null: it was not kept (dry run, unknown customer, too late)'),
    customerId: z.string().nullable().describe('Who answers for the reference today; null: unknown'),
    placement: z.string(),
    channel: z.string(),
    at: time,
    expiresAt: time.describe('Until then the answer may be kept'),
    ttlSeconds: z.number().int(),
    fallback: z.boolean().describe('True: this is what the placement shows when there is no answer'),
    why: orNull(
      z.enum(['deadline', 'unavailable', 'unknown_customer', 'nothing_allowed', 'do_nothing']),
    ).describe(
      'Why there is no better answer. `do_nothing`: actions were allowed, and nothing is done on purpose',
    ),
    bundle: z.string(),
    actions: z
      .array(
        z.object({
          action: z.string(),
          class: actionClass,
          rank: z.number().int(),
          variant: z.string().nullable().describe('Test variant of its content'),
          propensity: z
            .number()
            .describe('With which probability it took this place, given what stands above it'),
          reasons: z
            .array(z.string())
            .describe('`highest_class`, `highest_score`, `drawn`, `explored` or `fallback`'),
          content: z
            .object({ text: z.string(), locale: z.string() })
            .nullable()
            .optional()
            .describe('Only if asked for; null: none could be rendered'),
        }),
      )
      .describe('Best first. Empty: show nothing of ours'),
  })
  .meta({ id: 'LocalDecision', description: 'A decision on the spot: what to show here, and now' });

export const outcomeBody = z.object({
  actionId: name,
  kind: z.enum(OUTCOME_KINDS),
  at: z.iso.datetime({ offset: true }).optional().describe('When it happened; now if left out'),
});

export const outcomeRecorded = z
  .object({
    decisionId: z.string(),
    actionId: z.string(),
    kind: z.enum(OUTCOME_KINDS),
    deliveryId: z.string().describe('The contact that it counts as'),
    at: time,
    late: z.boolean().describe('After the answer had expired'),
  })
  .meta({ id: 'OutcomeRecorded', description: 'What became of an action that was offered' });
