import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_EVENT_BYTES } from '../../../src/domain/event-limits.ts';
import { parseCall } from '../../../src/sources/segment.ts';
import { shopify } from '../../../src/sources/webhooks/shopify.ts';
import { stripe } from '../../../src/sources/webhooks/stripe.ts';
import type { WebhookKind } from '../../../src/sources/webhooks/webhook-kind.ts';
import { woocommerce } from '../../../src/sources/webhooks/woocommerce.ts';
import * as shopifyPayloads from '../payloads/shopify/order.ts';
import * as stripePayloads from '../payloads/stripe/objects.ts';
import * as woocommercePayloads from '../payloads/woocommerce/order.ts';
import { readCalls, readWebhook, type Sent } from './fold-webhooks.ts';

const shop = (topic: string, payload: object): Sent => ({
  headers: { 'x-shopify-topic': topic, 'x-shopify-webhook-id': 'd-1' },
  payload,
});
const woo = (topic: string, payload: object): Sent => ({
  headers: { 'x-wc-webhook-topic': topic, 'x-wc-webhook-delivery-id': 'd-1' },
  payload,
});
const pay = (type: string, object: object): Sent => ({
  headers: {},
  payload: stripePayloads.buildEvent(type, object, {
    data: { object, previous_attributes: { amount_refunded: 0 } },
  }),
});
const { ORDER, REFUND } = shopifyPayloads;

/** A webhook of each topic, and the fields without which it can't be understood. */
const WEBHOOKS: [WebhookKind, Sent, string[]][] = [
  [
    shopify,
    shop('orders/updated', { ...ORDER, cancelled_at: '2026-11-21T10:00:00+01:00', refunds: [REFUND] }),
    ['id', 'created_at', 'updated_at', 'currency', 'total_price', 'line_items'],
  ],
  [shopify, shop('refunds/create', REFUND), ['id', 'order_id', 'created_at', 'transactions']],
  [
    shopify,
    shop('order_transactions/create', shopifyPayloads.TRANSACTION),
    ['id', 'order_id', 'kind', 'status', 'amount', 'created_at'],
  ],
  [
    shopify,
    shop('fulfillments/update', shopifyPayloads.FULFILLMENT),
    ['id', 'order_id', 'status', 'updated_at'],
  ],
  [
    shopify,
    shop('checkouts/update', shopifyPayloads.CHECKOUT),
    ['token', 'updated_at', 'currency', 'total_price', 'line_items'],
  ],
  [shopify, shop('customers/update', shopifyPayloads.CUSTOMER), ['id', 'updated_at']],
  [shopify, shop('customers/redact', { customer: { id: 7 } }), ['customer']],
  [
    woocommerce,
    woo('order.updated', woocommercePayloads.ORDER),
    ['id', 'status', 'date_created_gmt', 'date_modified_gmt', 'currency', 'total', 'line_items'],
  ],
  [woocommerce, woo('customer.updated', woocommercePayloads.CUSTOMER), ['id', 'email']],
  [stripe, pay('checkout.session.completed', stripePayloads.SESSION), ['data', 'id', 'created']],
  [stripe, pay('checkout.session.expired', stripePayloads.SESSION), ['data', 'id', 'created']],
  [stripe, pay('payment_intent.payment_failed', stripePayloads.FAILED_PAYMENT), ['data', 'id', 'created']],
  [
    stripe,
    pay('payment_intent.succeeded', { ...stripePayloads.PAYMENT_INTENT, metadata: { order_id: 'o-1' } }),
    ['data', 'id', 'created'],
  ],
  [stripe, pay('invoice.paid', stripePayloads.INVOICE), ['data', 'id', 'created']],
  [stripe, pay('charge.refunded', stripePayloads.CHARGE), ['data', 'id', 'created']],
  [stripe, pay('charge.dispute.created', stripePayloads.DISPUTE), ['data', 'id', 'created']],
  [stripe, pay('customer.updated', stripePayloads.CUSTOMER), ['data', 'id', 'created']],
  [stripe, pay('customer.subscription.updated', stripePayloads.SUBSCRIPTION), ['data', 'id', 'created']],
];

const ENVELOPE = {
  ...{ workspace: 'aroma', receivedAt: Date.UTC(2026, 11, 24), sentAt: undefined },
  ...{ historical: false, source: 'shop' },
};

describe.each(
  WEBHOOKS.map(([kind, sent, required]) => {
    const { type } = sent.payload as { type?: string };
    return [kind.id, type ?? (Object.values(sent.headers)[0] as string), kind, sent, required] as const;
  }),
)('%s %s', (_, __, kind, sent, required) => {
  const payload = sent.payload as Record<string, unknown>;

  test('becomes calls that the parser of intake accepts', () => {
    for (const call of readCalls(kind, sent))
      expect(parseCall({ ...call, messageId: `s:${call.messageId}` }, null, ENVELOPE)).not.toHaveProperty(
        'code',
      );
  });

  test.each([...required])('without %s it is kept, with what was expected', (field) => {
    for (const value of [undefined, null, {}, { other: 1 }, ''])
      for (const changed of [{ ...payload, [field]: value }])
        expect(readWebhook(kind, { ...sent, payload: changed })).toMatchObject({
          kind: 'unreadable',
          reason: expect.stringMatching(new RegExp(`^expected ${field}[\\w.]* to be .*, found `)),
        });
  });

  test('whatever its fields hold, reading and parsing never throw', () => {
    const paths = listPaths(payload);
    const other = fc.oneof(
      fc.constantFrom<unknown>(
        undefined,
        null,
        {},
        [],
        '',
        true,
        -1,
        1e300,
        [null],
        { id: {} },
        '2026-99-99',
        '\u0000',
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(paths.length - 1), other), { minLength: 1, maxLength: 3 }),
        (changes) => {
          const changed = structuredClone(payload);
          // Copies: a value that is put into itself would be a circle, which no JSON is.
          for (const [position, value] of changes)
            put(changed, paths[position] as string[], structuredClone(value));
          const reading = readWebhook(kind, { ...sent, payload: changed });
          if (reading.kind !== 'messages') return;
          for (const message of reading.messages)
            if (message.kind === 'call') parseCall(message.call, null, ENVELOPE);
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('an order of a thousand products is an event that has room', () => {
  const many = (item: object) =>
    Array.from({ length: 1_000 }, () => ({ ...item, title: 'x'.repeat(300), name: 'x'.repeat(300) }));
  const orders: [WebhookKind, Sent][] = [
    [shopify, shop('orders/updated', { ...ORDER, line_items: many(ORDER.line_items[0] as object) })],
    [
      woocommerce,
      woo('order.updated', {
        ...woocommercePayloads.ORDER,
        line_items: many(woocommercePayloads.ORDER.line_items[0] as object),
      }),
    ],
    [
      stripe,
      pay('invoice.paid', {
        ...stripePayloads.INVOICE,
        lines: { data: many(stripePayloads.INVOICE.lines.data[0] as object) },
      }),
    ],
  ];
  for (const [kind, sent] of orders)
    for (const call of readCalls(kind, sent))
      expect(JSON.stringify(call).length).toBeLessThan(MAX_EVENT_BYTES);
});

test('what names nobody is read where sources.yaml says who it is', () => {
  const nobody = { ...ORDER, customer: null, email: '', contact_email: null, billing_address: null };
  const body = Buffer.from(JSON.stringify(nobody));
  const { headers } = shop('orders/create', {});
  const source = {
    id: 'shop',
    kind: 'shopify',
    settings: {},
    evaluate: () => ({ ok: true as const, value: 'u' }),
  };
  const request = { url: '', headers, body, receivedAt: 0 };
  expect(shopify.read(request, { ...source, customer: {} }).kind).toBe('ignored');
  expect(shopify.read(request, { ...source, customer: { userId: 'payload.user_id' } }).kind).toBe('messages');
});

function listPaths(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    [key],
    ...listPaths(item).map((path) => [key, ...path]),
  ]);
}

/** Puts a value at a path, unless another change has removed what the path goes through. */
function put(target: unknown, [key, ...rest]: string[], value: unknown): void {
  if (key === undefined || typeof target !== 'object' || target === null) return;
  const record = target as Record<string, unknown>;
  if (rest.length === 0) record[key] = value;
  else put(record[key], rest, value);
}
