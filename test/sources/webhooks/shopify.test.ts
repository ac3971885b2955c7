import { describe, expect, test } from 'vitest';
import { shopify } from '../../../src/sources/webhooks/shopify.ts';
import { listSent } from '../../support/events-page.ts';
import { CHECKOUT, CUSTOMER, FULFILLMENT, ORDER, REFUND, TRANSACTION } from '../payloads/shopify/order.ts';
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
function send(topic: string, payload: unknown, more: Record<string, string> = {}): Sent {
  deliveries += 1;
  const headers = { 'x-shopify-topic': topic, 'x-shopify-webhook-id': `delivery-${deliveries}`, ...more };
  return { headers, payload };
}

const at = (time: string) => `2026-11-${time}:00+01:00`;
const created = send('orders/create', ORDER);
const paid = send('orders/paid', { ...ORDER, updated_at: at('12T11:00') });
const updated = (more: object) => send('orders/updated', { ...ORDER, ...more });
const refunded = updated({
  updated_at: at('20T10:01'),
  financial_status: 'partially_refunded',
  refunds: [REFUND],
});
const cancelled = send('orders/cancelled', {
  ...ORDER,
  updated_at: at('21T10:00'),
  cancelled_at: at('21T10:00'),
  cancel_reason: 'customer',
});
const money = (...arrived: Sent[]) => showMoney(foldWebhooks(shopify, arrived));
const ignored = (sent: Sent) => expect(readWebhook(shopify, sent).kind).toBe('ignored');
const consents = (sent: Sent) =>
  readCalls(shopify, sent)
    .filter(({ event }) => event === 'Consent Changed')
    .map(({ properties, timestamp }) => ({ ...(properties as object), timestamp }));

/** Rows of docs/sources.md. */
const ROWS: Record<string, () => void> = {
  '`orders/create`': () => {
    expect(readCalls(shopify, created)[0]).toMatchObject({
      type: 'track',
      event: 'Order Completed',
      timestamp: ORDER.created_at,
      messageId: created.headers['x-shopify-webhook-id'],
      context: {
        externalIds: [
          { type: 'shopify', id: '6940095564121' },
          { type: 'shopify_order', id: '5552223334441' },
        ],
        traits: { email: 'helen@example.com', phone: '+491701234567', firstName: 'Helen' },
        locale: 'de-DE',
      },
      properties: {
        order_id: '5552223334441',
        order_number: '#1001',
        total: 389.7,
        shipping: 4.9,
        currency: 'EUR',
        products: [
          { product_id: '7700000000001', sku: 'EM-1', variant: 'Chrome', price: 399, quantity: 1 },
          { product_id: '7700000000002', sku: 'BEANS-250', price: 12.5, quantity: 2 },
        ],
        attributes: { gift: 'no' },
      },
    });
    expect(money(send('checkouts/update', CHECKOUT), created)).toMatchObject({
      cart: null,
      orders: [{ id: '5552223334441', status: 'paid', total: 38_970 }],
      spend: { EUR: 38_970 },
    });
  },
  '`orders/updated`, `orders/paid` and others': () => {
    for (const topic of ['orders/updated', 'orders/paid', 'orders/partially_fulfilled'])
      expect(listEvents(shopify, send(topic, ORDER))).toEqual(['Order Completed', 'Order Updated']);
    expect(readCalls(shopify, paid)[1]).toMatchObject({
      timestamp: at('12T11:00'),
      properties: { status: 'paid' },
    });
  },
  'all topics of one order, in any order, twice': () => {
    const all = [created, paid, refunded];
    const expected = money(...all);
    expect(expected.orderCount).toBe(1);
    for (const order of [all.toReversed(), [...all, ...all], [refunded, refunded, created]])
      expect(money(...order)).toEqual(expected);
  },
  'an order that was edited: another `total_price`': () => {
    const edited = updated({ updated_at: at('13T10:00'), total_price: '300.00' });
    for (const order of [
      [created, edited],
      [edited, created],
    ])
      expect(money(...order)).toMatchObject({ orders: [{ total: 30_000 }], spend: { EUR: 30_000 } });
  },
  '`discount_codes`': () =>
    expect(readCalls(shopify, created)[0]?.properties).toMatchObject({
      coupon: 'SORRY-7K2M',
      discount: 39.2,
    }),
  'several `discount_codes`': () => {
    const two = {
      discount_codes: [...ORDER.discount_codes, { code: 'FREESHIP', amount: '0', type: 'shipping' }],
    };
    expect(readCalls(shopify, updated(two))[0]?.properties).toMatchObject({
      coupon: ['SORRY-7K2M', 'FREESHIP'],
    });
  },
  '`cancelled_at`': () => {
    for (const order of [
      [created, cancelled],
      [cancelled, created],
    ])
      expect(money(...order)).toMatchObject({
        orders: [{ status: 'cancelled' }],
        spend: { EUR: 0 },
        orderCount: 1,
      });
    expect(readCalls(shopify, cancelled).find(({ event }) => event === 'Order Cancelled')).toMatchObject({
      timestamp: at('21T10:00'),
      properties: { reason: 'customer' },
    });
  },
  'an order that was placed and never paid': () => {
    const open = updated({ updated_at: at('12T12:00'), financial_status: 'pending' });
    expect(money(created, open)).toMatchObject({ orders: [{ status: 'paid', total: 38_970 }] });
    const voided = updated({ updated_at: at('13T12:00'), financial_status: 'voided' });
    expect(money(voided, created, open)).toMatchObject({
      orders: [{ status: 'cancelled' }],
      spend: { EUR: 0 },
    });
  },
  'a cancelled order that was not known': () =>
    expect(listEvents(shopify, cancelled)).not.toContain('Order Completed'),
  '`refunds` of an order, and `refunds/create`': () => {
    const alone = send('refunds/create', REFUND);
    expect(readCalls(shopify, alone)[0]).toMatchObject({
      context: { externalIds: [{ type: 'shopify_order', id: '5552223334441' }] },
      properties: { refund_id: '930000000001', total: 11.25, products: [{ sku: 'BEANS-250', quantity: 1 }] },
    });
    for (const order of [
      [created, alone, refunded],
      [refunded, alone, created],
      [alone, created],
    ])
      expect(money(...order)).toMatchObject({
        orders: [{ status: 'paid', refunded: 1_125 }],
        spend: { EUR: 37_845 },
      });
  },
  'a refund of which a transaction failed': () => {
    const [transaction] = REFUND.transactions;
    const transactions = [
      { ...transaction, status: 'failure' },
      { ...transaction, id: 2, amount: '5.00' },
    ];
    expect(
      readCalls(shopify, send('refunds/create', { ...REFUND, transactions }))[0]?.properties,
    ).toMatchObject({
      total: 5,
    });
  },
  'a refund of products without money': () => {
    const free = updated({ updated_at: at('20T10:01'), refunds: [{ ...REFUND, transactions: [] }] });
    expect(money(created, free)).toMatchObject({ orders: [{ status: 'paid', refunded: 0 }] });
  },
  '`order_transactions/create` that failed': () => {
    expect(readCalls(shopify, send('order_transactions/create', TRANSACTION))[0]).toMatchObject({
      event: 'Payment Failed',
      properties: { order_id: '5552223334441', value: 389.7, currency: 'EUR', code: 'card_declined' },
      context: { externalIds: [{ type: 'shopify_order', id: '5552223334441' }] },
    });
    expect(money(created, send('order_transactions/create', TRANSACTION)).payments).toMatchObject([
      { orderId: '5552223334441', code: 'card_declined', total: 38_970 },
    ]);
  },
  '`order_transactions/create` that succeeded': () =>
    ignored(send('order_transactions/create', { ...TRANSACTION, status: 'success' })),
  '`checkouts/create`, `checkouts/update`': () => {
    expect(money(send('checkouts/create', CHECKOUT)).cart).toMatchObject({
      id: CHECKOUT.token,
      total: 42_400,
      items: [{ sku: 'EM-1' }, { sku: 'BEANS-250' }],
    });
  },
  'a checkout without a customer and an address': () =>
    ignored(send('checkouts/create', { ...CHECKOUT, email: null })),
  'a checkout with `completed_at`': () =>
    ignored(send('checkouts/update', { ...CHECKOUT, completed_at: at('12T11:00') })),
  '`fulfillments/create`': () =>
    expect(readCalls(shopify, send('fulfillments/create', FULFILLMENT))[0]).toMatchObject({
      event: 'Order Shipped',
      properties: { order_id: '5552223334441', carrier: 'DHL' },
      context: { traits: { email: 'helen@example.com' } },
    }),
  '`fulfillments/update`': () =>
    expect(
      readCalls(shopify, send('fulfillments/update', { ...FULFILLMENT, shipment_status: 'delivered' }))[0],
    ).toMatchObject({ event: 'Shipment Updated', properties: { shipment_status: 'delivered' } }),
  '`orders/fulfilled`': () =>
    expect(listEvents(shopify, send('orders/fulfilled', ORDER))).toContain('Order Fulfilled'),
  '`customers/create`, `customers/update`': () =>
    expect(readCalls(shopify, send('customers/update', CUSTOMER))[0]).toMatchObject({
      type: 'identify',
      timestamp: CUSTOMER.updated_at,
      traits: { email: 'helen@example.com', phone: '+491701234567', firstName: 'Helen', lastName: 'Marsh' },
      context: { externalIds: [{ type: 'shopify', id: '6940095564121' }] },
    }),
  'a consent that is `subscribed` or `unsubscribed`': () => {
    const stated = [
      { purpose: 'marketing', channel: 'email', status: 'granted', timestamp: '2026-02-01T08:00:00+01:00' },
      { purpose: 'marketing', channel: 'sms', status: 'withdrawn', timestamp: '2026-03-01T08:00:00+01:00' },
    ];
    expect(consents(send('customers/update', CUSTOMER))).toEqual(stated);
    expect(consents(created)).toEqual(stated);
  },
  'a consent that is `not_subscribed` or `pending`': () => {
    const [never, asked] = ['not_subscribed', 'pending'].map((state) => ({
      state,
      consent_updated_at: null,
    }));
    const customer = { ...CUSTOMER, email_marketing_consent: never, sms_marketing_consent: asked };
    expect(consents(send('customers/update', customer))).toEqual([]);
  },
  '`customers_email_marketing_consent/update`': () => {
    const update = { customer_id: CUSTOMER.id, email_marketing_consent: CUSTOMER.email_marketing_consent };
    const sent = send('customers_email_marketing_consent/update', update);
    expect(consents(sent)).toMatchObject([{ channel: 'email', status: 'granted' }]);
    expect(readCalls(shopify, sent)[0]?.context).toEqual({
      externalIds: [{ type: 'shopify', id: '6940095564121' }],
    });
  },
  '`customers/delete`': () =>
    expect(listEvents(shopify, send('customers/delete', { id: CUSTOMER.id }))).toEqual([
      'Shop Account Deleted',
    ]),
  '`customers/redact`, `customers/data_request`': () => {
    const request = {
      shop_id: 954_889,
      shop_domain: 'aroma.myshopify.com',
      customer: { id: CUSTOMER.id, email: 'helen@example.com', phone: '' },
    };
    const [erasure] = readCalls(
      shopify,
      send('customers/redact', { ...request, orders_to_redact: [ORDER.id] }),
    );
    expect(erasure).toMatchObject({
      event: 'Data Erasure Requested',
      properties: { orders: [`${ORDER.id}`] },
    });
    // A profile of somebody who asks to be erased must not learn an address.
    expect(JSON.stringify(erasure)).not.toContain('helen@');
    const access = { ...request, orders_requested: [], data_request: { id: 9_999 } };
    expect(readCalls(shopify, send('customers/data_request', access))).toMatchObject([
      { event: 'Data Access Requested', properties: { request_id: '9999' } },
    ]);
  },
  '`carts/update`, `orders/edited`, `app/uninstalled`': () => {
    for (const topic of ['carts/update', 'orders/edited', 'app/uninstalled', '', 'constructor'])
      ignored(send(topic, { id: 1 }));
  },
  'an order of nobody, as at a till': () => {
    const nobody = { customer: null, email: '', contact_email: null, billing_address: null };
    ignored(send('orders/create', { ...ORDER, ...nobody }));
  },
  'a test notification': () => ignored(send('orders/create', ORDER, { 'x-shopify-test': 'true' })),
  'an order without `updated_at`': () =>
    expect(readWebhook(shopify, updated({ updated_at: null }))).toMatchObject({
      kind: 'unreadable',
      reason: 'expected updated_at to be a time, found null',
      deliveryId: expect.stringContaining('delivery-'),
    }),
};

test.each(Object.entries(ROWS))('%s', (_, check) => check());

test('every row of docs/sources.md is a test', () =>
  expect(Object.keys(ROWS)).toEqual(listSent('Shopify', 'docs/sources.md')));

describe('whatever the order of arrival', () => {
  const history = [
    send('checkouts/update', CHECKOUT),
    created,
    paid,
    updated({ updated_at: at('13T09:00'), fulfillment_status: 'fulfilled' }),
    refunded,
    send('refunds/create', REFUND),
    updated({
      updated_at: at('21T09:00'),
      total_price: '400.00',
      financial_status: 'paid',
      refunds: [REFUND],
    }),
  ];

  test('a purchase is the same, also when webhooks come twice', () => {
    const expected = foldWebhooks(shopify, history);
    expect(showMoney(expected)).toMatchObject({
      cart: null,
      orderCount: 1,
      orders: [{ status: 'paid', total: 40_000, refunded: 1_125 }],
      spend: { EUR: 38_875 },
    });
    assertInAnyOrder(history, (arrived) => {
      const folded = foldWebhooks(shopify, arrived);
      expect(showMoney(folded)).toEqual(showMoney(expected));
      expect(folded.counted).toMatchObject({ 'Order Completed': 1, 'Order Refunded': 1 });
    });
  });

  test('a cancelled one, too', () => {
    const all = [
      created,
      paid,
      cancelled,
      updated({ updated_at: at('22T09:00'), cancelled_at: at('21T10:00') }),
    ];
    const expected = money(...all);
    expect(expected).toMatchObject({ orders: [{ status: 'cancelled' }], spend: { EUR: 0 } });
    assertInAnyOrder(all, (arrived) => expect(money(...arrived)).toEqual(expected));
  });
});

test('an id that is too large for a number of JSON is read from the GraphQL id', () => {
  const large = {
    id: 820_982_911_946_154_500,
    admin_graphql_api_id: 'gid://shopify/Order/820982911946154508',
  };
  expect(readCalls(shopify, updated(large))[0]?.properties).toMatchObject({ order_id: '820982911946154508' });
});

test('without the header of the delivery, the version of the resource is the message id', () => {
  const sent = { headers: { 'x-shopify-topic': 'orders/paid' }, payload: ORDER };
  expect(readCalls(shopify, sent)[0]?.messageId).toBe(`orders/paid:${ORDER.id}:${ORDER.updated_at}`);
});
