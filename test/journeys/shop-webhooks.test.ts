import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApi } from '../../src/service/api.ts';
import type { RunningRole } from '../../src/service/service.ts';
import { CHECKOUT, CUSTOMER, ORDER } from '../sources/payloads/shopify/order.ts';
import { buildEvent, FAILED_PAYMENT } from '../sources/payloads/stripe/objects.ts';
import { type BundleFile, treatEveryCustomer } from '../support/bundles.ts';
import { findSentActions, startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

const SECRETS = { shop: 'hush-4f1c9b', payments: 'whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH' };
const SOURCES = '- { id: shop, kind: shopify }\n- { id: payments, kind: stripe }\n';

let system: TestSystem;
let api: RunningRole & { port: number };
beforeAll(async () => {
  const files = (all: BundleFile[]) => [
    ...treatEveryCustomer(all).filter(({ path }) => path !== 'sources.yaml'),
    { path: 'sources.yaml', text: SOURCES },
  ];
  const sources = Object.entries(SECRETS).map(([id, secret]) => [
    id,
    { workspace: 'aroma', secrets: [secret] },
  ]);
  system = await startTestSystem({ files, env: { SOURCES: JSON.stringify(Object.fromEntries(sources)) } });
  api = await startApi(system.service);
});
afterAll(async () => {
  await api?.stop();
  await system?.stop();
});

async function post(source: string, body: string, headers: Record<string, string>): Promise<void> {
  const url = `http://127.0.0.1:${api.port}/v1/sources/${source}`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  expect([response.status, await response.text()]).toEqual([200, '{"success":true}']);
}

let deliveries = 0;

/** A webhook of Shopify, as often as it is called. */
function fromShopify(topic: string, payload: object): () => Promise<void> {
  const body = JSON.stringify(payload);
  const id = `delivery-${deliveries++}`;
  return () =>
    post('shop', body, {
      'x-shopify-topic': topic,
      'x-shopify-webhook-id': id,
      'x-shopify-hmac-sha256': createHmac('sha256', SECRETS.shop).update(body).digest('base64'),
    });
}

async function fromStripe(type: string, object: object): Promise<void> {
  const seconds = Math.floor(Date.now() / 1_000);
  const body = JSON.stringify(buildEvent(type, object, { id: `evt_${deliveries++}`, created: seconds }));
  const v1 = createHmac('sha256', SECRETS.payments).update(`${seconds}.${body}`).digest('hex');
  await post('payments', body, { 'stripe-signature': `t=${seconds},v1=${v1}` });
}

const now = (ms = 0) => new Date(Date.now() + ms).toISOString();

/** An order of somebody, placed just now. */
function order(id: number, email: string, more: object = {}): typeof ORDER {
  const customer = { ...CUSTOMER, id: 7_000 + id, admin_graphql_api_id: undefined, email, phone: null };
  return {
    ...ORDER,
    ...{ id, admin_graphql_api_id: `gid://shopify/Order/${id}`, name: `#${id}`, email, contact_email: email },
    ...{
      created_at: now(-60_000),
      updated_at: now(-50_000),
      billing_address: { ...ORDER.billing_address, phone: '' },
    },
    ...{ customer, discount_codes: [], total_discounts: '0.00' },
    ...more,
  };
}

async function findCustomer(email: string): Promise<string> {
  const [row] = await system.db.db.sql`
    select customer_id from identities where type = 'email' and value = ${email}`;
  return row?.customer_id as string;
}

test('story 2: a purchase counts once however it is reported, and a payment that fails at Stripe calls a person, with the cart of Shopify', async () => {
  const first = order(1_001, 'greta@example.com', { total_price: '900.00' });
  const reports = [
    fromShopify('orders/paid', { ...first, updated_at: now(-40_000) }),
    fromShopify('orders/create', first),
    fromShopify('orders/updated', { ...first, updated_at: now(-30_000), tags: 'vip' }),
  ];
  // Out of order, all of them twice, and some at once.
  for (const send of reports) await send();
  await Promise.all(reports.map((send) => send()));
  const customer = await findCustomer('greta@example.com');
  await system.waitUntilSettled(customer);
  expect(await findSentActions(system, customer)).toEqual(['order-confirmation']);
  const [{ profile } = { profile: null }] = await system.db.db
    .sql`select profile from customers where id = ${customer}`;
  expect(profile).toMatchObject({ orderCount: 1, spend: { EUR: 90_000 } });

  await fromShopify('checkouts/update', {
    ...CHECKOUT,
    ...{ email: 'greta@example.com', updated_at: now(-20_000), customer: null },
  })();
  const payment_method = { billing_details: { email: 'Greta@Example.com' }, type: 'card' };
  await fromStripe('payment_intent.payment_failed', {
    ...FAILED_PAYMENT,
    ...{ customer: 'cus_greta', receipt_email: null, metadata: { order_id: '1002' } },
    last_payment_error: { ...FAILED_PAYMENT.last_payment_error, payment_method },
  });
  await system.waitUntilSettled(customer);
  const [task] = await system.db.db.sql`select * from agent_tasks where customer_id = ${customer}`;
  expect(task).toMatchObject({ state: 'open', queue: 'sales', action: 'agent-call' });
  expect(task?.case).toMatchObject({
    cart: { total: 42_400, items: [{ sku: 'EM-1' }, { sku: 'BEANS-250' }] },
    payments: [{ orderId: '1002', code: 'insufficient_funds', total: 41_200 }],
  });

  // The agent places the order in the shop.
  await fromShopify(
    'orders/create',
    order(1_003, 'greta@example.com', { created_at: now(-1_000), updated_at: now(-1_000) }),
  )();
  await system.waitUntilSettled(customer);
  expect(await findSentActions(system, customer)).toEqual(['order-confirmation', 'order-confirmation']);
  const [after] = await system.db.db.sql`select state from agent_tasks where customer_id = ${customer}`;
  expect(after?.state).toBe('withdrawn');
});

test('story 3: a code of ours among the discount codes of an order in Shopify is redeemed', async () => {
  const context = { traits: { email: 'ida@example.com', firstName: 'Ida' } };
  const ticket = { ticket_id: 'T1', order_id: '2001', subject: 'It came broken' };
  await system.accept({
    name: 'Ticket Opened',
    userId: 'ida',
    context,
    properties: ticket,
    email: 'ida@example.com',
  });
  const customer = await system.findCustomerId('ida');
  await system.waitUntilSettled(customer);
  await system.accept({ name: 'Ticket Closed', userId: 'ida', properties: { ...ticket, fault: 'ours' } });
  await system.waitUntilSettled(customer);
  const [coupon] = await system.db.db.sql`select code, state from coupons where customer_id = ${customer}`;
  expect(coupon?.state).toBe('issued');

  const discount_codes = [
    { code: 'FREESHIP', amount: '4.90', type: 'shipping' },
    { code: String(coupon?.code).toLowerCase(), amount: '80.00', type: 'percentage' },
  ];
  const bought = order(2_002, 'ida@example.com', {
    discount_codes,
    total_discounts: '84.90',
    created_at: now(-500),
  });
  await fromShopify('orders/create', bought)();
  await fromShopify('orders/paid', { ...bought, updated_at: now() })();
  const redeemed = () => system.db.db.sql`
    select body -> 'properties' as properties from events where customer_id = ${customer} and name = 'Coupon Redeemed'`;
  await waitUntil(async () => (await redeemed()).length > 0, 'the redemption');
  await system.waitUntilSettled(customer);
  expect((await redeemed()).map(({ properties }) => properties)).toMatchObject([
    { order_id: '2002', discount: 84.9 },
  ]);
});
