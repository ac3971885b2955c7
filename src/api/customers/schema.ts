import { z } from 'zod';
import { actionClass, money, orNull, time, timeOrNull } from '../frame/schema.ts';
import { attribute } from './attribute-schema.ts';
import { scores, valueThermometer } from './scores-schema.ts';

export const identity = z
  .object({
    type: z.enum(['user', 'anon', 'email', 'phone', 'external']),
    value: z.string(),
  })
  .meta({ id: 'Identity' });

export const ticket = z
  .object({
    id: z.string(),
    source: z.string(),
    status: z.string(),
    severity: z.string(),
    subject: z.string(),
    since: time,
    product: z.string().nullable(),
    ownerId: z
      .string()
      .nullable()
      .describe('The customer who opened the ticket, if it is another one. It suppresses messages to both'),
  })
  .meta({ id: 'Ticket' });

export const suppression = z
  .object({
    active: z.boolean(),
    classes: z.array(actionClass),
    reasons: z.array(
      z.object({
        code: z.enum(['ticket_open', 'cooling_down']),
        ticketId: z.string(),
        ownerId: z.string().nullable().describe('The customer who opened the ticket, if it is another one'),
        product: z.string().nullable().describe('Only messages about this product are suppressed; null: all'),
        since: time,
        liftsAt: timeOrNull,
        liftsOn: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Suppression' });

const waker = z
  .union([z.object({ at: time, reason: z.string() }), z.object({ event: z.string() })])
  .meta({ id: 'Waker', description: 'What moves an enrollment: an instant, or an event of that name' });

export const enrollment = z
  .object({
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
    pinned: z.boolean().describe('Stays on the version that it entered under'),
    excluded: z.boolean().describe('Not analysed: a merge brought two arms together'),
    reason: z.string().nullable().describe('Why the enrollment is in state `poison`'),
    wakers: z.array(waker),
  })
  .meta({ id: 'Enrollment' });

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
    agrees: z
      .boolean()
      .nullable()
      .describe('Whether the workflow and this view agree; null: they are at different ordinals'),
    ordinal: z.number().int(),
    processedSeq: z.number().int(),
    openTickets: z.array(z.object({ id: z.string(), severity: z.string(), since: time })),
    enrollments: z.array(
      z.object({ id: z.string(), journey: z.string(), step: z.string(), state: z.string() }),
    ),
    wakeAt: timeOrNull,
    inFlight: z.array(z.string()),
    unprocessed: z.number().int().describe('Events that the workflow has received and not processed'),
  })
  .meta({ id: 'LiveState', description: 'The state that the workflow itself reports' });

export const customer = z
  .object({
    id: z.string(),
    workspace: z.string(),
    asOf: time,
    eventSeq: z.number().int(),
    processedSeq: z
      .number()
      .int()
      .describe('Sequence number of the last event that the journey has processed'),
    ordinal: z.number().int(),
    mergedIds: z.array(z.string()).describe('Customers that were merged into this one'),
    mergedInto: z
      .string()
      .nullable()
      .describe('The id of this customer, if the request named one that was merged into it'),
    identities: z.array(identity),
    traits: z.record(z.string(), z.unknown()),
    attributes: z.array(attribute).describe('The traits with source, age and permitted uses'),
    account: orNull(z.object({ id: z.string() })),
    stage: orNull(
      z.object({
        id: z.string(),
        since: time,
        owner: z.string().nullable().describe('The role that owns this stage'),
      }),
    ),
    timezone: z.string(),
    valueThermometer: orNull(valueThermometer).describe('Null before the first nightly fit'),
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
    snoozedTopics: z.array(z.string()).nullable().describe('The snoozed topics; null: all marketing'),
    personalisation: z.object({
      level: z.number().int().min(0).max(3),
      chosenByCustomer: z.boolean().describe('False: the default of the workspace applies'),
    }),
    paused: orNull(z.object({ since: time, reason: z.string(), actor: z.string() })),
    enrollments: z.array(enrollment),
    segments: z
      .array(z.object({ id: z.string(), since: time }))
      .describe('Segments that a journey entry uses and that the customer is in'),
    upcoming: z
      .array(z.object({ journey: z.string(), date: z.string().describe('Local date'), at: time }))
      .describe('Journeys that the customer will enter on a date of theirs'),
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
  .meta({ id: 'Customer', description: 'A customer at one instant' });

export const customerQuery = z.object({
  live: z
    .enum(['true', 'false'])
    .optional()
    .describe('Also query the workflow, and return its answer as `live`'),
  minSeq: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('Wait until the journey has processed the event with this sequence number'),
});
