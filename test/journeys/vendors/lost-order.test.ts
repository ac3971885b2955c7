import { afterAll, beforeAll, expect, test } from 'vitest';
import { MINUTE } from '../../../src/domain/time/time.ts';
import { CHECKOUT, CUSTOMER, ORDER } from '../../sources/payloads/shopify/order.ts';
import { FAILED_PAYMENT } from '../../sources/payloads/stripe/objects.ts';
import { findSentActions, waitUntil } from '../../support/system.ts';
import { type ConnectedShop, now, nowInSeconds, startConnectedShop } from './connected-shop.ts';

let shop: ConnectedShop;
beforeAll(async () => {
  shop = await startConnectedShop();
});
afterAll(() => shop?.stop());

/** A customer of Shopify; each has an id, an address and a number of their own. */
const person = (n: number, name: string) => ({
  ...CUSTOMER,
  id: 6_940_000_000_000 + n,
  admin_graphql_api_id: `gid://shopify/Customer/${6_940_000_000_000 + n}`,
  email: `${name}@example.com`,
  phone: `+4917012300${String(n).padStart(2, '0')}`,
  first_name: name,
});

function order(n: number, customer: ReturnType<typeof person>, total: string) {
  return {
    ...ORDER,
    id: 5_550_000_000_000 + n,
    admin_graphql_api_id: `gid://shopify/Order/${5_550_000_000_000 + n}`,
    name: `#20${n}`,
    checkout_token: `checkout-${n}`,
    cart_token: `cart-${n}`,
    email: customer.email,
    contact_email: customer.email,
    customer,
    created_at: now(),
    processed_at: now(),
    updated_at: now(),
    current_total_price: total,
    total_price: total,
    discount_codes: [],
  };
}

const failPayment = (customer: ReturnType<typeof person>, intent: string) =>
  shop.stripe('payment_intent.payment_failed', {
    ...FAILED_PAYMENT,
    id: intent,
    created: nowInSeconds(),
    customer: `cus_${customer.first_name}`,
    receipt_email: customer.email,
  });

test('story 2, D-6, D-3, B-8: Stripe declines the card of a valuable customer with a cart at Shopify, and a person calls with everything on the screen', async () => {
  const { system } = shop;
  const greta = person(1, 'greta');
  const first = order(1, greta, '900.00');
  // The purchase counts once, however it is reported: out of order, all of it twice, some at once.
  const report = async (topic: string) => shop.shopify(topic, { ...first, updated_at: now() });
  for (const topic of ['orders/paid', 'orders/create', 'orders/updated']) await report(topic);
  await Promise.all(['orders/updated', 'orders/create', 'orders/paid'].map(report));
  const customer = await shop.customerOf(greta.email);
  await system.waitUntilSettled(customer);
  expect(await findSentActions(system, customer)).toEqual(['order-confirmation']);
  const [row] = await system.db.db.sql`select profile from customers where id = ${customer}`;
  expect(row?.profile).toMatchObject({ orderCount: 1, spend: { EUR: 90_000 } });
  await shop.shopify('checkouts/update', {
    ...CHECKOUT,
    email: greta.email,
    customer: greta,
    completed_at: null,
    created_at: now(),
    updated_at: now(),
  });
  await failPayment(greta, 'pi_greta');
  await system.waitUntilSettled(customer);
  expect(await shop.customerOf(greta.email)).toBe(customer);

  const { body } = await shop.get('/v1/tasks?queue=sales');
  expect(body.data).toMatchObject([
    { action: 'agent-call', state: 'open', reasons: expect.arrayContaining(['value_high']) },
  ]);
  const [task] = body.data;
  const { body: opened } = await shop.get(`/v1/tasks/${task.id}`);
  expect(opened.case).toMatchObject({
    cart: { items: expect.arrayContaining([expect.objectContaining({ product_id: '7700000000001' })]) },
    payments: [expect.objectContaining({ code: expect.any(String) })],
  });

  // A ticket about it is open while the agent takes the order at Shopify: the confirmation passes the silence.
  await shop.ticket({
    ticket_id: '40001',
    subject: 'My card was declined',
    requester_email: greta.email,
    requester_id: '9001',
  });
  await system.waitUntilSettled(customer);
  const claimed = await shop.post(`/v1/tasks/${task.id}/claim`, { assignee: 'agent-7' });
  expect([claimed.status, claimed.body.state]).toEqual([200, 'acknowledged']);
  await shop.shopify('orders/create', order(2, greta, '412.00'));
  await system.waitUntilSettled(customer);
  const sent = await findSentActions(system, customer);
  expect(sent.filter((action) => action === 'order-confirmation')).toHaveLength(2);
  const mails = shop.resend.mails.filter(({ to }) => to.includes(greta.email));
  expect(mails).toHaveLength(sent.length);

  // Resend reports the confirmation as delivered.
  const last = mails.at(-1) as (typeof mails)[number];
  await shop.reportMail(last, 'email.delivered');
  await system.waitUntilSettled(customer);
  const { data } = (await shop.get(`/v1/customers/${customer}/deliveries`)).body;
  expect(data.find(({ providerId }: { providerId: string }) => providerId === last.id)).toMatchObject({
    action: 'order-confirmation',
    receipts: { stage: 'delivered', deliveredAt: expect.any(String) },
  });
  await system.replayHistories(customer);
});

test('story 2: a customer of lower value gets the help mail, and Resend says when it bounced', async () => {
  const { system } = shop;
  const ida = person(2, 'ida');
  await failPayment(ida, 'pi_ida');
  const customer = await shop.customerOf(ida.email);
  await system.waitUntilSettled(customer);
  expect(await findSentActions(system, customer)).toEqual(['help-email']);
  const mail = shop.resend.mails.find(({ to }) => to.includes(ida.email));
  await shop.reportMail(mail as NonNullable<typeof mail>, 'email.bounced');
  await system.waitUntilSettled(customer);
  const { data } = (await shop.get(`/v1/customers/${customer}/deliveries`)).body;
  expect(data[0]).toMatchObject({ state: 'sent', receipts: { stage: 'bounced_permanently' } });
  // The address takes no mail: the next one is held, with that reason.
  await failPayment(ida, 'pi_ida_again');
  await system.waitUntilSettled(customer);
  expect(shop.resend.mails.filter(({ to }) => to.includes(ida.email))).toHaveLength(1);
});

test('story 2, A-7: a task that nobody acknowledges escalates', async () => {
  const { system } = shop;
  const jan = person(3, 'jan');
  await shop.shopify('orders/create', order(3, jan, '900.00'));
  await failPayment(jan, 'pi_jan');
  const customer = await shop.customerOf(jan.email);
  await system.waitUntilSettled(customer);
  await system.advanceTime(customer, 16 * MINUTE);
  const leads = async () => (await shop.get('/v1/tasks?queue=sales-leads')).body.data;
  await waitUntil(async () => (await leads()).length > 0, 'the escalation');
  expect(await leads()).toMatchObject([{ action: 'agent-call', state: 'open', customerId: customer }]);
});
