import { describe, expect, test } from 'vitest';
import type { Fields } from '../../../src/sources/webhooks/json-body.ts';
import { stripe } from '../../../src/sources/webhooks/stripe.ts';
import { listSent } from '../../support/events-page.ts';
import {
  buildEvent,
  CHARGE,
  CUSTOMER,
  DISPUTE,
  FAILED_PAYMENT,
  INVOICE,
  PAYMENT_INTENT,
  REFUND,
  SESSION,
  SUBSCRIPTION,
} from '../payloads/stripe/objects.ts';
import {
  assertInAnyOrder,
  foldWebhooks,
  listEvents,
  readCalls,
  readWebhook,
  type Sent,
  showMoney,
} from './fold-webhooks.ts';

let events = 0;
const SECOND_OF = 1_794_477_605;

/** An event of its own, `after` seconds after the purchase. */
function send(type: string, object: object, after = 0, more: object = {}): Sent {
  events += 1;
  const event = buildEvent(type, object, { id: `evt_${events}`, created: SECOND_OF + after, ...more });
  return { headers: {}, payload: event };
}

const named = { metadata: { order_id: 'o-1', user_id: 'helen', cart_id: 'c-1' } };
const call = (sent: Sent): Fields => readCalls(stripe, sent)[0] as Fields;
const money = (...arrived: Sent[]) => showMoney(foldWebhooks(stripe, arrived));
const ignored = (sent: Sent) => expect(readWebhook(stripe, sent).kind).toBe('ignored');
const completed = send('checkout.session.completed', SESSION);
const giveBack = (sum: number, before: number | undefined, more: object = {}) =>
  send('charge.refunded', { ...CHARGE, amount_refunded: sum, ...more }, sum, {
    data: {
      object: { ...CHARGE, amount_refunded: sum, ...more },
      ...(before === undefined ? {} : { previous_attributes: { amount_refunded: before } }),
    },
  });

/** Rows of docs/sources.md. */
const ROWS: Record<string, () => void> = {
  '`checkout.session.completed`, paid': () => {
    expect(call(completed)).toMatchObject({
      type: 'track',
      event: 'Order Completed',
      timestamp: SECOND_OF,
      properties: {
        order_id: 'pi_3Helen',
        payment_id: 'pi_3Helen',
        cart_id: 'cs_live_Helen',
        reference: 'cart-77',
        total: 412,
        discount: 16.9,
        currency: 'EUR',
      },
      context: {
        externalIds: [{ type: 'stripe', id: 'cus_Helen' }],
        traits: { email: 'helen@example.com', phone: '+491701234567', name: 'Helen Marsh' },
        locale: 'de',
      },
    });
    const free = { payment_status: 'no_payment_required', payment_intent: null, amount_total: 0 };
    expect(call(send('checkout.session.completed', { ...SESSION, ...free })).properties).toMatchObject({
      order_id: 'cs_live_Helen',
      total: 0,
    });
  },
  '`checkout.session.completed`, not paid yet': () =>
    expect(call(send('checkout.session.completed', { ...SESSION, payment_status: 'unpaid' })).event).toBe(
      'Checkout Completed',
    ),
  '`checkout.session.async_payment_succeeded`': () =>
    expect(call(send('checkout.session.async_payment_succeeded', SESSION)).event).toBe('Order Completed'),
  '`checkout.session.async_payment_failed`': () =>
    expect(
      listEvents(
        stripe,
        send('checkout.session.async_payment_failed', { ...SESSION, payment_status: 'unpaid' }),
      ),
    ).toEqual(['Checkout Payment Failed']),
  '`checkout.session.completed` of a subscription': () => {
    const subscribed = {
      mode: 'subscription',
      payment_intent: null,
      invoice: 'in_1Helen',
      subscription: 'sub_1Helen',
    };
    expect(call(send('checkout.session.completed', { ...SESSION, ...subscribed })).event).toBe(
      'Checkout Completed',
    );
    // A checkout of mode payment may make an invoice, too.
    const invoiced = send('checkout.session.completed', { ...SESSION, invoice: 'in_1Helen' });
    expect(call(invoiced).event).toBe('Checkout Completed');
  },
  '`checkout.session.expired`': () => {
    const recovery = { recovery: { url: 'https://buy.stripe.example/r/1' } };
    const left = {
      status: 'expired',
      payment_status: 'unpaid',
      payment_intent: null,
      after_expiration: recovery,
    };
    const expired = send('checkout.session.expired', { ...SESSION, ...left }, 90_000);
    expect(readCalls(stripe, expired)).toMatchObject([
      { event: 'Checkout Started', timestamp: SESSION.created, properties: { url: recovery.recovery.url } },
      { event: 'Checkout Expired', timestamp: SECOND_OF + 90_000 },
    ]);
    expect(money(expired).cart).toMatchObject({ id: 'cs_live_Helen', total: 41_200 });
    // Bought by another checkout meanwhile.
    expect(money(expired, completed).cart).toBeNull();
    expect(money(completed, expired).cart).toBeNull();
  },
  '`consent.promotions` is `opt_in`': () => {
    expect(readCalls(stripe, completed)[1]).toMatchObject({
      event: 'Consent Changed',
      properties: { purpose: 'marketing', channel: 'email', status: 'granted' },
    });
    for (const consent of [null, { promotions: 'opt_out' }, { promotions: null }])
      expect(listEvents(stripe, send('checkout.session.completed', { ...SESSION, consent }))).toEqual([
        'Order Completed',
      ]);
  },
  '`invoice.paid`': () =>
    expect(call(send('invoice.paid', INVOICE))).toMatchObject({
      event: 'Order Completed',
      timestamp: 1_794_477_601,
      userId: 'helen',
      properties: {
        order_id: 'in_1Helen',
        subscription_id: 'sub_1Helen',
        billing_reason: 'subscription_cycle',
        total: 19,
        products: [{ product_id: 'prod_beans', sku: 'price_beans', price: 19, quantity: 1 }],
      },
    }),
  '`invoice.paid` of amount 0': () => ignored(send('invoice.paid', { ...INVOICE, amount_paid: 0 })),
  '`invoice.payment_failed`': () => {
    const unpaid = { amount_paid: 0, attempt_count: 2, next_payment_attempt: 1_794_700_000, status: 'open' };
    expect(call(send('invoice.payment_failed', { ...INVOICE, ...unpaid }))).toMatchObject({
      event: 'Invoice Payment Failed',
      properties: { invoice_id: 'in_1Helen', value: 19, attempt: 2, next_attempt: 1_794_700_000 },
    });
  },
  '`payment_intent.succeeded` with `metadata.order_id`': () =>
    expect(call(send('payment_intent.succeeded', { ...PAYMENT_INTENT, ...named }))).toMatchObject({
      event: 'Order Completed',
      userId: 'helen',
      properties: { order_id: 'o-1', payment_id: 'pi_3Helen', total: 412, currency: 'EUR' },
    }),
  '`payment_intent.succeeded` without it': () => ignored(send('payment_intent.succeeded', PAYMENT_INTENT)),
  'all three of one purchase, in any order, twice': () => {
    const purchase = { ...SESSION, invoice: 'in_1Helen' };
    const reports = [
      send('checkout.session.completed', purchase),
      send('invoice.paid', INVOICE, 1),
      send('payment_intent.succeeded', PAYMENT_INTENT, 1),
    ].filter((sent) => readWebhook(stripe, sent).kind === 'messages');
    const expected = money(...reports);
    expect(expected).toMatchObject({ orderCount: 1, orders: [{ id: 'in_1Helen', total: 1_900 }] });
    assertInAnyOrder(reports, (arrived) => expect(money(...arrived)).toEqual(expected));
  },
  '`payment_intent.payment_failed`': () => {
    const failure = send('payment_intent.payment_failed', { ...FAILED_PAYMENT, ...named });
    expect(call(failure)).toMatchObject({
      event: 'Payment Failed',
      userId: 'helen',
      properties: {
        order_id: 'o-1',
        cart_id: 'c-1',
        value: 412,
        currency: 'EUR',
        code: 'insufficient_funds',
      },
      context: { traits: { email: 'helen@example.com' } },
    });
    expect(JSON.stringify(call(failure))).not.toContain('Your card');
    expect(call(send('payment_intent.payment_failed', FAILED_PAYMENT)).properties).toMatchObject({
      order_id: 'pi_3Helen',
    });
  },
  'two declines of one payment': () => {
    const again = { ...FAILED_PAYMENT.last_payment_error, charge: 'ch_3Second' };
    const declines = [
      send('payment_intent.payment_failed', FAILED_PAYMENT),
      send('payment_intent.payment_failed', { ...FAILED_PAYMENT, last_payment_error: again }, 60),
    ];
    assertInAnyOrder(declines, (arrived) =>
      expect(foldWebhooks(stripe, arrived).counted).toMatchObject({ 'Payment Failed': 2 }),
    );
  },
  '`charge.refunded`': () => {
    expect(call(giveBack(1_250, 0))).toMatchObject({
      event: 'Order Refunded',
      properties: { order_id: 'pi_3Helen', refund_id: 'ch_3Helen:1250', total: 12.5, currency: 'EUR' },
    });
    const parts = [completed, giveBack(1_250, 0), giveBack(3_000, 1_250)];
    assertInAnyOrder(parts, (arrived) =>
      expect(money(...arrived)).toMatchObject({
        orders: [{ status: 'paid', refunded: 3_000 }],
        spend: { EUR: 38_200 },
      }),
    );
    expect(call(giveBack(1_250, 0, named)).properties).toMatchObject({ order_id: 'o-1' });
  },
  '`charge.refunded` and `refund.created` of one refund': () => {
    ignored(send('refund.created', REFUND));
    ignored(send('refund.updated', REFUND));
  },
  '`charge.refunded` without the sum before': () => {
    const all = giveBack(CHARGE.amount, undefined, { refunded: true });
    expect(money(completed, all)).toMatchObject({ orders: [{ status: 'refunded' }], spend: { EUR: 0 } });
    expect(money(completed, giveBack(1_250, undefined))).toMatchObject({
      orders: [{ status: 'paid', refunded: 0 }],
    });
  },
  '`charge.dispute.created` and `closed`': () => {
    expect(call(send('charge.dispute.created', DISPUTE))).toMatchObject({
      event: 'Dispute Opened',
      properties: {
        order_id: 'pi_3Helen',
        dispute_id: 'du_1Helen',
        value: 412,
        reason: 'product_not_received',
      },
      context: { traits: { email: 'helen@example.com' } },
    });
    expect(call(send('charge.dispute.closed', { ...DISPUTE, status: 'lost' }))).toMatchObject({
      event: 'Dispute Closed',
      properties: { status: 'lost' },
    });
    ignored(send('charge.dispute.created', { ...DISPUTE, evidence: { customer_email_address: null } }));
  },
  '`customer.created`, `customer.updated`': () => {
    for (const type of ['customer.created', 'customer.updated'])
      expect(readCalls(stripe, send(type, CUSTOMER))).toMatchObject([
        {
          type: 'identify',
          userId: 'helen',
          timestamp: SECOND_OF,
          traits: { email: 'helen@example.com', phone: '+491701234567', name: 'Helen Marsh', locale: 'de' },
          context: { externalIds: [{ type: 'stripe', id: 'cus_Helen' }] },
        },
      ]);
  },
  '`customer.deleted`': () =>
    expect(listEvents(stripe, send('customer.deleted', CUSTOMER))).toEqual(['Stripe Customer Deleted']),
  '`customer.subscription.created`, `updated`': () => {
    expect(call(send('customer.subscription.created', SUBSCRIPTION))).toMatchObject({
      event: 'Subscription Started',
      properties: {
        subscription_id: 'sub_1Helen',
        status: 'active',
        product_id: 'prod_beans',
        plan: 'price_beans',
        interval: 'month',
        current_period_end: 1_797_069_000,
      },
    });
    const ending = { ...SUBSCRIPTION, cancel_at_period_end: true };
    expect(call(send('customer.subscription.updated', ending))).toMatchObject({
      event: 'Subscription Updated',
      properties: { cancels_at_period_end: true },
    });
  },
  '`customer.subscription.deleted`': () => {
    const ended = {
      status: 'canceled',
      cancellation_details: { comment: null, feedback: 'too_expensive', reason: 'cancellation_requested' },
    };
    expect(call(send('customer.subscription.deleted', { ...SUBSCRIPTION, ...ended }))).toMatchObject({
      event: 'Subscription Ended',
      properties: { reason: 'cancellation_requested', feedback: 'too_expensive' },
    });
  },
  '1099 in `usd`, `jpy`, `kwd`, `isk`': () => {
    const total = (currency: string) =>
      (
        call(send('checkout.session.completed', { ...SESSION, amount_total: 1_099, currency }))
          .properties as Fields
      ).total;
    expect(['usd', 'jpy', 'kwd', 'isk'].map(total)).toEqual([10.99, 1_099, 1.099, 10.99]);
  },
  'an event of test mode': () =>
    expect(
      call(send('checkout.session.completed', SESSION, 0, { livemode: false })).properties,
    ).toMatchObject({
      test: true,
    }),
  'a payment of a guest without an address': () =>
    ignored(
      send('payment_intent.payment_failed', {
        ...FAILED_PAYMENT,
        ...{ customer: null, receipt_email: null, last_payment_error: { code: 'card_declined' } },
      }),
    ),
  'any other event': () => {
    for (const type of ['charge.succeeded', 'payout.paid', 'constructor']) ignored(send(type, CHARGE));
  },
  'a thin event': () => {
    const thin = {
      id: 'evt_test_65',
      object: 'v2.core.event',
      type: 'v1.billing.meter.error_report_triggered',
    };
    expect(readWebhook(stripe, { headers: {}, payload: thin })).toMatchObject({
      kind: 'unreadable',
      reason: expect.stringContaining('snapshot'),
      deliveryId: 'evt_test_65',
    });
  },
};

test.each(Object.entries(ROWS))('%s', (_, check) => check());

test('every row of docs/sources.md is a test', () =>
  expect(Object.keys(ROWS)).toEqual(listSent('Stripe', 'docs/sources.md')));

describe('a purchase that the shop names', () => {
  test('counts once, whichever of its events comes first, and as often as they come', () => {
    const history = [
      send('checkout.session.completed', { ...SESSION, ...named }),
      send('payment_intent.succeeded', { ...PAYMENT_INTENT, ...named }, 1),
      send('payment_intent.payment_failed', { ...FAILED_PAYMENT, ...named }, -60),
      giveBack(1_250, 0, named),
    ];
    assertInAnyOrder(history, (arrived) => {
      const folded = foldWebhooks(stripe, arrived);
      // The two events that report the purchase are a second apart; the first to come says when it was.
      const { orders, ...rest } = showMoney(folded);
      expect(
        orders.map(({ at, ...order }) => ({ ...order, near: at - SECOND_OF * 1_000 <= 1_000 })),
      ).toMatchObject([{ id: 'o-1', status: 'paid', total: 41_200, refunded: 1_250, near: true }]);
      expect(rest).toMatchObject({ orderCount: 1, spend: { EUR: 39_950 }, cart: null, returns: [] });
      expect(folded.counted).toMatchObject({
        'Order Completed': 1,
        'Order Refunded': 1,
        'Payment Failed': 1,
      });
    });
  });

  test('an invoice whose object is expanded names its ids', () => {
    const expanded = { ...INVOICE, customer: { id: 'cus_Helen', object: 'customer' }, parent: null };
    const older = { ...expanded, subscription: { id: 'sub_1Helen' }, metadata: { order_id: 'o-9' } };
    expect(call(send('invoice.paid', older))).toMatchObject({
      context: { externalIds: [{ type: 'stripe', id: 'cus_Helen' }] },
      properties: { order_id: 'o-9', subscription_id: 'sub_1Helen' },
    });
  });
});

describe('the signature', () => {
  const body = Buffer.from('{"id":"evt_1","object":"event","type":"payment_intent.succeeded"}');
  const v1 = 'e89e3a77847a91db7282a5ed00f84ba7f1102747894c496c75252fa8eb8ddc94';
  const other = '25cdb8689400dc7e2a1e1bc47a585cdbe5e6107b506b852646f55f126156a877';
  const verify = (header: string, receivedAt = 1_795_989_600_000) =>
    stripe.verify(
      { url: '', headers: { 'stripe-signature': header }, body, receivedAt },
      ['whsec_test_secret'],
      // The kind has no settings.
      {} as never,
    );

  test('may be one of several, while a secret is rolled', () => {
    expect(verify(`t=1795989600,v1=${other},v1=${v1}`)).toEqual({ kind: 'genuine' });
    expect(verify(`t=1795989600, v1=${v1}, v1=${other}`)).toEqual({ kind: 'genuine' });
    expect(verify(`t=1795989600,v1=${other}`)).toMatchObject({ code: 'webhook_signature' });
    expect(verify(`t=1795989600,v0=${v1}`)).toMatchObject({ code: 'webhook_signature' });
  });

  test('holds for 300 seconds', () => {
    expect(verify(`t=1795989600,v1=${v1}`, 1_795_989_900_000)).toEqual({ kind: 'genuine' });
    expect(verify(`t=1795989600,v1=${v1}`, 1_795_989_901_000)).toMatchObject({ code: 'webhook_expired' });
    // Another time is another signature.
    expect(verify(`t=1795989900,v1=${v1}`, 1_795_989_900_000)).toMatchObject({ code: 'webhook_signature' });
  });
});
