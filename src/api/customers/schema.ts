import { z } from 'zod';
import { actionClass, money, orNull, time, timeOrNull } from '../frame/schema.ts';
import { attribute } from './attribute-schema.ts';
import { scores, valueThermometer } from './scores-schema.ts';

export const identity = z.object({
  type: z.enum(['user', 'anon', 'email', 'phone', 'external']),
  value: z.string(),
});

export const ticket = z.object({
  id: z.string(),
  source: z.string(),
  status: z.string(),
  severity: z.string(),
  subject: z.string(),
  since: time,
  product: z.string().nullable(),
  of: z.string().nullable().describe('Whose it is, if not this customer’s: it silences both'),
});

export const suppression = z.object({
  active: z.boolean(),
  classes: z.array(actionClass),
  reasons: z.array(
    z.object({
      code: z.enum(['ticket_open', 'cooling_down']),
      ticketId: z.string(),
      of: z.string().nullable(),
      product: z.string().nullable().describe('Silences only what is about it'),
      since: time,
      liftsAt: timeOrNull,
      liftsOn: z.string().nullable(),
    }),
  ),
});

const waker = z
  .union([z.object({ at: time, because: z.string() }), z.object({ on: z.string() })])
  .meta({ id: 'Waker', description: 'What moves an enrollment: an instant, or an event of that name' });

export const enrollment = z.object({
  id: z.string(),
  journey: z.string(),
  version: z.number().int(),
  key: z.string().nullable(),
  arm: z.enum(['treated', 'control']),
  step: z.string(),
  state: z.enum(['running', 'waiting', 'held', 'delivering', 'tasked', 'poison', 'control']),
  since: time,
  enteredAt: time,
  goalAt: timeOrNull,
  pinned: z.boolean().describe('Ends under the version that it entered'),
  excluded: z.boolean().describe('Left out of the analysis: two arms met in a merge'),
  reason: z.string().nullable().describe('Why it is poisoned'),
  wakers: z.array(waker),
});

const order = z.object({
  id: z.string(),
  status: z.string(),
  problem: z.string().nullable(),
  total: money,
  at: time,
});

const payment = z.object({
  orderId: z.string().nullable(),
  status: z.string(),
  code: z.string().nullable(),
  total: orNull(money),
  at: time,
});

const cart = z.object({
  id: z.string().nullable(),
  total: orNull(money),
  items: z.array(z.unknown()),
  at: time,
});

export const live = z
  .object({
    agrees: z.boolean().nullable().describe('With this view; null where the two stand at different ordinals'),
    ordinal: z.number().int(),
    tookSeq: z.number().int(),
    openTickets: z.array(z.object({ id: z.string(), severity: z.string(), since: time })),
    enrollments: z.array(
      z.object({ id: z.string(), journey: z.string(), step: z.string(), state: z.string() }),
    ),
    wakeAt: timeOrNull,
    inFlight: z.array(z.string()),
    untaken: z.number().int(),
  })
  .meta({ id: 'LiveState', description: 'What the workflow itself said' });

export const customer = z
  .object({
    id: z.string(),
    workspace: z.string(),
    asOf: time,
    eventSeq: z.number().int(),
    tookSeq: z.number().int().describe('How far the journey has taken the log'),
    ordinal: z.number().int(),
    mergedIds: z.array(z.string()).describe('Those who have become one with this customer'),
    mergedInto: z
      .string()
      .nullable()
      .describe('This id, where it was asked for by one that was merged into it'),
    identities: z.array(identity),
    traits: z.record(z.string(), z.unknown()),
    attributes: z.array(attribute).describe('The traits again, with their provenance'),
    account: orNull(z.object({ id: z.string() })),
    stage: orNull(
      z.object({
        id: z.string(),
        since: time,
        owner: z.string().nullable().describe('The role that answers for it'),
      }),
    ),
    timezone: z.string(),
    valueThermometer: orNull(valueThermometer).describe('Null before the first night'),
    scores: orNull(scores).describe('Null while the workspace has no bundle'),
    openTickets: z.array(ticket),
    suppressed: suppression,
    consents: z.array(
      z.object({
        purpose: z.string(),
        channel: z.string(),
        topic: z.string(),
        status: z.enum(['granted', 'withdrawn']),
        since: time,
        source: z.string(),
      }),
    ),
    orders: z.array(order),
    payments: z.array(payment),
    cart: orNull(cart),
    snoozedUntil: timeOrNull,
    snoozedTopics: z.array(z.string()).nullable().describe('Only these; null: all marketing'),
    personalisation: z.object({
      level: z.number().int().min(0).max(3),
      chosen: z.boolean().describe('By the customer; else it is what the workspace begins with'),
    }),
    paused: orNull(z.object({ since: time, reason: z.string(), by: z.string() })),
    enrollments: z.array(enrollment),
    segments: z
      .array(z.object({ id: z.string(), since: time }))
      .describe('Of those that some entry watches, the ones that the customer is inside of'),
    upcoming: z
      .array(z.object({ journey: z.string(), on: z.string().describe('Local date'), at: time }))
      .describe('Journeys that a date of the customer will open'),
    planned: z.array(
      z.object({
        deliveryId: z.string(),
        action: z.string(),
        channel: z.string(),
        at: time,
        class: actionClass,
        state: z.string(),
        enrollmentId: z.string(),
      }),
    ),
    tasks: z.array(
      z.object({
        id: z.string(),
        action: z.string(),
        state: z.string(),
        queue: z.string(),
        enrollmentId: z.string(),
        acknowledgeBy: time,
        resolveBy: time,
      }),
    ),
    lastDecision: orNull(z.object({ id: z.string(), at: time, chosen: z.string().nullable() })),
    live: orNull(live).optional(),
  })
  .meta({ id: 'Customer', description: 'A customer as of one instant' });

export const customerQuery = z.object({
  live: z.enum(['true', 'false']).optional().describe('Ask the workflow itself, too'),
  minSeq: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('Wait until the journey has taken this event'),
});
