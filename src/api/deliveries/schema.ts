import { z } from 'zod';
import { DELIVERY_STAGES } from '../../domain/receipt.ts';
import { LOCALE_FALLBACKS } from '../../domain/values/locale.ts';
import { actor } from '../commands/schema.ts';
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
    locale: z.string().nullable().describe('Of the content that was used'),
    requestedLocale: z.string().nullable().describe("The customer's own; null: none was known"),
    localeFallback: z
      .enum(LOCALE_FALLBACKS)
      .nullable()
      .describe(
        "`none`: the customer's own; `language`: a wider one, `pt` for `pt-BR`; `workspace`: the workspace's; null: nothing was rendered yet",
      ),
    variant: z.string().nullable().describe('Test variant of the content'),
    providerId: z.string().nullable(),
    error: z.string().nullable(),
    repeats: z.string().nullable().describe('The delivery that it repeats'),
    repeatedBy: z.string().nullable().describe('The delivery that repeats it'),
    refusal: orNull(
      z.object({
        code: z.string().nullable(),
        liftsAt: timeOrNull,
        refusals: z.array(verdict).describe('All verdicts against it'),
      }),
    ).describe('Why it was held when it was due; null: it was not'),
    receipts: orNull(
      z.object({
        stage: z.enum(DELIVERY_STAGES).describe('The highest that was reported'),
        deliveredAt: timeOrNull.describe('Reported, or shown by an open or a click'),
        openedAt: timeOrNull,
        clickedAt: timeOrNull,
        openedAutomaticallyAt: timeOrNull.describe('By a proxy or a scanner'),
        clickedAutomaticallyAt: timeOrNull.describe('By a scanner or a preview'),
        bouncedAt: timeOrNull,
        bouncedPermanentlyAt: timeOrNull,
        complainedAt: timeOrNull,
        unsubscribedAt: timeOrNull,
      }),
    ).describe('What was reported about it, each the first time; null: nothing yet'),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Delivery', description: 'One message to one customer' });

export const deliveryContent = z
  .object({
    deliveryId: z.string(),
    at: time.describe('When it was composed for the last attempt'),
    to: z.string(),
    from: z.object({ name: z.string(), email: z.string() }),
    subject: z.string().nullable(),
    html: z.string().nullable(),
    text: z.string(),
    cms: orNull(
      z.object({
        source: z.string(),
        entry: z.string(),
        version: z.string().nullable(),
        fetchedAt: timeOrNull,
      }),
    ).describe('What of a CMS it was made of; null: of a file of the bundle'),
  })
  .meta({
    id: 'DeliveryContent',
    description:
      'What a delivery has sent. The tokens of links are masked: nobody can act as the customer with them',
  });

export const repeatBody = z
  .object({ reason: z.string().min(1).max(500), actor })
  .meta({ id: 'RepeatRequest' });

export const deliveryList = listOf(delivery).meta({ id: 'DeliveryList' });
