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
    at: time.describe('When it is due; once it left, when it left'),
    notAfter: time,
    attempts: z.number().int(),
    locale: z.string().nullable(),
    providerId: z.string().nullable(),
    error: z.string().nullable(),
    refusal: z.unknown().describe('What the claim refused it with'),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Delivery', description: 'One treatment on its way to one customer' });

export const deliveryList = listOf(delivery).meta({ id: 'DeliveryList' });
