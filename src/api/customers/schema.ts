import { z } from 'zod';
import { actionClass, actorName, money, orNull, time, timeOrNull } from '../frame/schema.ts';
import { attribute } from './attribute-schema.ts';
import { enrollment } from './enrollment-schema.ts';
import { live } from './live-schema.ts';
import { scores, valueThermometer } from './scores-schema.ts';
import { suppression, ticket } from './suppression-schema.ts';

export const identity = z
  .object({
    type: z.enum(['user', 'anon', 'email', 'phone', 'external']),
    value: z.string(),
  })
  .meta({ id: 'Identity' });

const order = z.object({
  id: z.string(),
  status: z.string(),
  problem: z.string().nullable(),
  total: orNull(money),
  refunded: money,
  at: time,
});

const payment = z.object({
  orderId: z.string().nullable(),
  status: z.string(),
  code: z.string().nullable(),
  total: orNull(money),
  at: time,
});

const cartItem = z
  .looseObject({
    product_id: z.string().optional(),
    sku: z.string().optional(),
    name: z.string().optional(),
    variant: z.string().optional(),
    price: z.number().optional(),
    quantity: z.number().optional(),
  })
  .meta({ id: 'CartItem', description: 'A product of the cart, with further properties as they were sent' });

const cart = z.object({
  id: z.string().nullable(),
  total: orNull(money),
  items: z.array(cartItem),
  at: time,
});

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
    dropped: orNull(z.object({ traits: z.number().int(), counts: z.number().int(), at: time })).describe(
      'How many traits and counters of events went for lack of room, and when the last',
    ),
    account: orNull(z.object({ id: z.string(), name: z.string().nullable() })),
    stage: orNull(
      z.object({
        id: z.string(),
        since: time,
        owner: z.string().nullable().describe('The role that owns this stage'),
      }),
    ),
    locale: z
      .string()
      .nullable()
      .describe('The language as it was understood; null: unknown, so the first of the workspace applies'),
    timezone: z
      .string()
      .describe('The time zone that applies: that of the workspace if that of the customer is unknown'),
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
    paused: orNull(z.object({ since: time, reason: z.string(), actor: z.string(), actorName })),
    poison: orNull(
      z.object({
        reason: z.string(),
        since: time,
        version: z.number().int(),
        tries: z.number().int(),
        retryAt: time,
      }),
    ).describe('Why the customer is parked, under which bundle. Another one, or a command, is tried at once'),
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
        snoozedUntil: orNull(time),
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
