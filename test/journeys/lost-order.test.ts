import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../src/domain/time/time.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { findSentActions, startTestSystem, type TestSystem } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer });
});
afterAll(() => system?.stop());

const identify = (userId: string) => ({
  userId,
  context: {
    traits: { email: `${userId}@example.com` },
    consent: { categoryPreferences: { marketing: true } },
  },
});
const bought = (userId: string, order_id: string, total: number) => ({
  ...identify(userId),
  name: 'Order Completed',
  properties: { order_id, total, currency: 'EUR' },
});
const cart = (userId: string) => ({
  ...identify(userId),
  name: 'Checkout Started',
  properties: { total: 412, currency: 'EUR', products: [{ product_id: 'grinder', quantity: 1, price: 412 }] },
});
const failed = (userId: string) => ({
  ...identify(userId),
  name: 'Payment Failed',
  properties: { order_id: 'o-10', value: 412, currency: 'EUR', code: 'card_declined' },
});

async function tasks(customer: string) {
  return system.db.db.sql`select * from agent_tasks where customer_id = ${customer} order by at`;
}

test('story 2, D-6, B-8, D-3: after a failed payment of high value a person calls, with cart, payment and history attached', async () => {
  await system.accept(bought('greta', 'o-1', 900), cart('greta'));
  const customer = await system.findCustomerId('greta');
  await system.waitUntilSettled(customer);
  await system.accept(failed('greta'));
  await system.waitUntilSettled(customer);

  const [task] = await tasks(customer);
  expect(task).toMatchObject({ state: 'open', queue: 'sales', action: 'agent-call' });
  expect(task?.case).toMatchObject({
    cart: { total: 41_200, items: [{ product_id: 'grinder' }] },
    payments: [{ orderId: 'o-10', code: 'card_declined' }],
  });
  expect(task?.case.history.map((h: { name: string }) => h.name)).toContain('Payment Failed');
  expect(await findSentActions(system, customer)).toEqual(['order-confirmation']);

  // The agent places the order: it reaches the goal, withdraws the task, and its confirmation passes.
  await system.accept(bought('greta', 'o-11', 412));
  await system.waitUntilSettled(customer);
  expect(await findSentActions(system, customer)).toEqual(['order-confirmation', 'order-confirmation']);
  expect((await tasks(customer))[0]?.state).toBe('withdrawn');
  const [rescue] = await system.db.db.sql`
    select reason, goal_at from enrollments where customer_id = ${customer} and journey = 'payment-rescue'`;
  expect(rescue).toMatchObject({ reason: 'goal' });
  expect(rescue?.goal_at).not.toBeNull();
  await system.replayHistories(customer);
});

test('story 2, D-8: the confirmation passes the suppression of an open ticket', async () => {
  await system.accept({ ...identify('hugo'), name: 'Ticket Opened', properties: { ticket_id: 'T1' } });
  await system.accept(bought('hugo', 'o-1', 20));
  const customer = await system.findCustomerId('hugo');
  await system.waitUntilSettled(customer);
  expect(await findSentActions(system, customer)).toContain('order-confirmation');
});

test('story 2: after a failed payment a customer of lower value gets a help e-mail', async () => {
  await system.accept(failed('ida'));
  const customer = await system.findCustomerId('ida');
  await system.waitUntilSettled(customer);
  expect(await tasks(customer)).toEqual([]);
  expect(await findSentActions(system, customer)).toEqual(['help-email']);
});

test('A-7: an unacknowledged task escalates under the skipped clock, expires, and the help e-mail is sent', async () => {
  await system.accept(bought('jan', 'o-1', 900));
  await system.accept(failed('jan'));
  const customer = await system.findCustomerId('jan');
  await system.waitUntilSettled(customer);
  expect((await tasks(customer))[0]).toMatchObject({ state: 'open', queue: 'sales', level: 0 });
  await system.advanceTime(customer, 16 * MINUTE);
  expect((await tasks(customer))[0]).toMatchObject({ state: 'open', queue: 'sales-leads', level: 1 });
  await system.advanceTime(customer, 4 * HOUR);
  expect((await tasks(customer))[0]?.state).toBe('expired');
  expect(await findSentActions(system, customer)).toContain('help-email');
  await system.replayHistories(customer);
});
