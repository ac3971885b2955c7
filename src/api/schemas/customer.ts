import { z } from 'zod';
import { actionClass, listOf, money, orNull, pageQuery, time, timeOrNull } from './common.ts';

const identity = z.object({ type: z.enum(['user', 'anon', 'email']), value: z.string() });

const ticket = z.object({
  id: z.string(),
  source: z.string(),
  status: z.string(),
  severity: z.string(),
  subject: z.string(),
  since: time,
});

const suppressed = z.object({
  active: z.boolean(),
  classes: z.array(actionClass),
  reasons: z.array(
    z.object({
      code: z.enum(['ticket_open', 'cooling_down']),
      ticketId: z.string(),
      since: time,
      liftsAt: timeOrNull,
      liftsOn: z.string().nullable(),
    }),
  ),
});

const waker = z
  .union([z.object({ at: time, because: z.string() }), z.object({ on: z.string() })])
  .meta({ id: 'Waker', description: 'What moves an enrollment: an instant, or an event of that name' });

const enrollment = z.object({
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
    mergedIds: z.array(z.string()),
    identities: z.array(identity),
    traits: z.record(z.string(), z.unknown()),
    stage: orNull(z.object({ id: z.string(), since: time })),
    timezone: z.string(),
    valueThermometer: z.null(),
    openTickets: z.array(ticket),
    suppressed,
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
    paused: orNull(z.object({ since: time, reason: z.string(), by: z.string() })),
    enrollments: z.array(enrollment),
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

export const customerSummary = z
  .object({
    id: z.string(),
    createdAt: time,
    eventSeq: z.number().int(),
    identities: z.array(identity),
    paused: z.boolean(),
    openTickets: z.number().int(),
  })
  .meta({ id: 'CustomerSummary' });

export const customerList = listOf(customerSummary).meta({ id: 'CustomerList' });

export const searchQuery = pageQuery.extend({ q: z.string().max(512).default('') });

export const lookupBody = z
  .object({
    email: z.string().min(1).max(320).optional(),
    phone: z.string().min(1).max(50).optional(),
    externalId: z.string().min(1).max(512).optional(),
    userId: z.string().min(1).max(512).optional(),
  })
  .refine((body) => Object.values(body).filter((value) => value !== undefined).length === 1, {
    error: 'name exactly one of email, phone, externalId and userId',
    params: { code: 'exactly_one' },
  });

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

const command = {
  reason: z.string().min(1).max(500),
  actor: z.string().min(1).max(200).describe('Who asks: a person, or a system'),
  wait: z.boolean().default(true).describe('Answer when the journey has taken it'),
};

export const commandBody = z.object(command);

export const exitBody = z.object({
  ...command,
  journey: z.string().min(1).max(200).optional(),
  enrollmentId: z.string().min(1).max(200).optional(),
});
