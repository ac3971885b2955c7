import { describe, expect, test } from 'vitest';
import { woocommerce } from '../../../src/sources/webhooks/woocommerce.ts';
import { listSent } from '../../support/events-page.ts';
import { CUSTOMER, ORDER } from '../payloads/woocommerce/order.ts';
import {
  assertInAnyOrder,
  foldWebhooks,
  listEvents,
  readCalls,
  readWebhook,
  type Sent,
  showMoney,
} from './fold-webhooks.ts';

let deliveries = 0;

/** A webhook with a delivery of its own. */
function send(topic: string, payload: unknown): Sent {
  deliveries += 1;
  return {
    headers: { 'x-wc-webhook-topic': topic, 'x-wc-webhook-delivery-id': `delivery-${deliveries}` },
    payload,
  };
}

const unpaid = { date_paid: null, date_paid_gmt: null };
const order = (more: object = {}) => send('order.updated', { ...ORDER, ...more });
const pending = send('order.created', {
  ...ORDER,
  ...unpaid,
  status: 'pending',
  date_modified_gmt: ORDER.date_created_gmt,
});
const failed = order({ ...unpaid, status: 'failed', date_modified_gmt: '2026-11-12T10:00:03' });
const processing = order();
const completed = order({ status: 'completed', date_modified_gmt: '2026-11-14T10:00:00' });
const refund = { id: 726, reason: 'stale', total: '-12.50' };
const partly = order({ status: 'completed', date_modified_gmt: '2026-11-20T10:00:00', refunds: [refund] });
const money = (...arrived: Sent[]) => showMoney(foldWebhooks(woocommerce, arrived));
const ignored = (sent: Sent) => expect(readWebhook(woocommerce, sent).kind).toBe('ignored');

/** Rows of docs/sources.md. */
const ROWS: Record<string, () => void> = {
  '`order.created`, `processing`, `completed` or `on-hold`': () => {
    for (const status of ['processing', 'completed', 'on-hold'])
      expect(listEvents(woocommerce, send('order.created', { ...ORDER, status }))).toContain(
        'Order Completed',
      );
    expect(readCalls(woocommerce, processing)[0]).toMatchObject({
      type: 'track',
      event: 'Order Completed',
      timestamp: '2026-11-12T10:00:00',
      context: {
        externalIds: [{ type: 'woocommerce', id: '26' }],
        traits: { email: 'helen@example.com', phone: '+491701234567', firstName: 'Helen', lastName: 'Marsh' },
      },
      properties: {
        order_id: '727',
        total: 418.9,
        currency: 'EUR',
        products: [
          { product_id: '93', sku: 'EM-1', price: 399, quantity: 1 },
          { product_id: '22', variant_id: '23', sku: 'BEANS-250', price: 12.5, quantity: 2 },
        ],
      },
    });
    expect(money(processing)).toMatchObject({ cart: null, orders: [{ id: '727', total: 41_890 }] });
  },
  '`order.updated`, `order.restored`': () => {
    for (const topic of ['order.updated', 'order.restored'])
      expect(readCalls(woocommerce, send(topic, ORDER))).toMatchObject([
        { event: 'Order Completed' },
        { event: 'Order Updated', timestamp: ORDER.date_modified_gmt, properties: { status: 'processing' } },
      ]);
    const changed = order({ date_modified_gmt: '2026-11-15T10:00:00', total: '400.00' });
    expect(money(changed, processing)).toMatchObject({ orders: [{ total: 40_000 }], spend: { EUR: 40_000 } });
  },
  'all topics of one order, in any order, twice': () => {
    const expected = money(pending, processing, completed);
    expect(expected.orderCount).toBe(1);
    expect(money(completed, completed, processing, pending)).toEqual(expected);
  },
  '`pending`': () =>
    expect(money(pending)).toMatchObject({
      cart: { id: 'order-727', total: 41_890, items: [{ sku: 'EM-1' }, { sku: 'BEANS-250' }] },
      orders: [],
    }),
  '`failed`': () => {
    expect(money(failed)).toMatchObject({
      cart: { id: 'order-727', total: 41_890 },
      payments: [{ orderId: '727', status: 'failed', code: 'unknown', total: 41_890 }],
      orders: [],
    });
  },
  '`failed`, then paid': () => {
    for (const arrived of [
      [failed, processing],
      [processing, failed],
    ])
      expect(money(...arrived)).toMatchObject({
        cart: null,
        orders: [{ id: '727' }],
        payments: [{ orderId: '727' }],
      });
  },
  '`cancelled`': () => {
    const cancelled = order({ status: 'cancelled', date_modified_gmt: '2026-11-13T10:00:00' });
    expect(listEvents(woocommerce, cancelled)).toEqual(['Order Updated', 'Order Cancelled']);
    for (const arrived of [
      [processing, cancelled],
      [cancelled, processing],
    ])
      expect(money(...arrived)).toMatchObject({ orders: [{ status: 'cancelled' }], spend: { EUR: 0 } });
  },
  '`refunded`': () => {
    const all = order({ status: 'refunded', date_modified_gmt: '2026-11-20T10:00:00' });
    expect(money(processing, all)).toMatchObject({ orders: [{ status: 'refunded' }], spend: { EUR: 0 } });
  },
  '`refunds`': () => {
    const later = order({ status: 'completed', date_modified_gmt: '2026-11-21T10:00:00', refunds: [refund] });
    expect(money(processing, partly, later)).toMatchObject({ orders: [{ status: 'paid', refunded: 1_250 }] });
  },
  'a state of a plugin, of a paid order': () => {
    const shipped = order({ status: 'wc-awaiting-shipment' });
    expect(listEvents(woocommerce, shipped)).toEqual(['Order Completed', 'Order Updated']);
    expect(readCalls(woocommerce, shipped)[1]?.properties).toMatchObject({ status: 'awaiting-shipment' });
    expect(listEvents(woocommerce, order({ ...unpaid, status: 'quote-sent' }))).toEqual(['Order Updated']);
  },
  '`coupon_lines`': () =>
    expect(readCalls(woocommerce, processing)[0]?.properties).toMatchObject({
      coupon: 'sorry-7k2m',
      discount: 10,
    }),
  '`customer_id` 0': () =>
    expect(readCalls(woocommerce, order({ customer_id: 0 }))[0]?.context).toMatchObject({
      externalIds: [],
      traits: { email: 'helen@example.com' },
    }),
  '`customer.created`, `customer.updated`': () => {
    for (const topic of ['customer.created', 'customer.updated'])
      expect(readCalls(woocommerce, send(topic, CUSTOMER))).toMatchObject([
        {
          type: 'identify',
          timestamp: CUSTOMER.date_modified_gmt,
          traits: { email: 'helen@example.com', phone: '+491701234567', firstName: 'Helen' },
          context: { externalIds: [{ type: 'woocommerce', id: '26' }] },
        },
      ]);
  },
  '`checkout-draft`': () => ignored(order({ status: 'checkout-draft' })),
  '`order.deleted`, `coupon.created`, `product.updated`': () => {
    for (const topic of [
      'order.deleted',
      'coupon.created',
      'product.updated',
      'customer.deleted',
      '',
      'toString',
    ])
      ignored(send(topic, { id: 727 }));
  },
  'the ping when a webhook is saved': () => {
    const ping = (body: string, headers = {}) =>
      woocommerce.verify(
        { url: '', headers, body: Buffer.from(body), receivedAt: 0 },
        ['secret'],
        // The kind has no settings.
        {} as never,
      );
    expect(ping('webhook_id=42')).toEqual({ kind: 'ping' });
    expect(ping('webhook_id=42', { 'x-wc-webhook-signature': 'AAAA' })).toMatchObject({ kind: 'refused' });
    expect(ping('webhook_id=42&order=1')).toMatchObject({ kind: 'refused' });
    expect(ping('{}')).toMatchObject({ kind: 'refused' });
  },
  'an order whose `total` is a list': () =>
    expect(readWebhook(woocommerce, order({ total: [] }))).toMatchObject({
      kind: 'unreadable',
      reason: 'expected total to be an amount, found a list',
    }),
};

test.each(Object.entries(ROWS))('%s', (_, check) => check());

test('every row of docs/sources.md is a test', () =>
  expect(Object.keys(ROWS)).toEqual(listSent('WooCommerce', 'docs/sources.md')));

describe('whatever the order of arrival', () => {
  test('a purchase after a failed payment is the same, also when webhooks come twice', () => {
    const history = [pending, failed, processing, completed, partly];
    const expected = showMoney(foldWebhooks(woocommerce, history));
    expect(expected).toMatchObject({
      cart: null,
      orderCount: 1,
      orders: [{ status: 'paid', total: 41_890, refunded: 1_250 }],
      spend: { EUR: 40_640 },
    });
    assertInAnyOrder(history, (arrived) => {
      const folded = foldWebhooks(woocommerce, arrived);
      expect(showMoney(folded)).toEqual(expected);
      expect(folded.counted).toMatchObject({
        'Order Completed': 1,
        'Order Refunded': 1,
        'Payment Failed': 1,
      });
    });
  });
});
