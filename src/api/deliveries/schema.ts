import { z } from 'zod';
import { listOf, time } from '../frame/schema.ts';

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
    refusal: z.unknown().describe('The verdict that refused the claim; null: none did'),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Delivery', description: 'One message to one customer' });

export const deliveryList = listOf(delivery).meta({ id: 'DeliveryList' });
