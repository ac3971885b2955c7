import { z } from 'zod';
import { verdict } from '../decisions/verdict-schema.ts';
import { listOf, orNull, time, timeOrNull } from '../frame/schema.ts';

export const delivery = z
  .object({
    id: z.string(),
    customerId: z.string(),
    decisionId: z.string(),
    enrollmentId: z.string(),
    action: z.string(),
    class: z.string(),
    purpose: z.string(),
    topic: z.string().nullable(),
    channel: z.string(),
    key: z.string().nullable(),
    state: z.enum(['planned', 'held', 'sending', 'sent', 'failed', 'unknown', 'cancelled']),
    at: time.describe('When the delivery is due; after sending, when it was sent'),
    notAfter: time,
    attempts: z.number().int(),
    locale: z.string().nullable(),
    providerId: z.string().nullable(),
    error: z.string().nullable(),
    refusal: orNull(
      z.object({
        code: z.string().nullable(),
        liftsAt: timeOrNull,
        refusals: z.array(verdict).describe('All verdicts against it'),
      }),
    ).describe('Why it was held when it was due; null: it was not'),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Delivery', description: 'One message to one customer' });

export const deliveryList = listOf(delivery).meta({ id: 'DeliveryList' });
