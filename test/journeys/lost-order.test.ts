import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../src/domain/time/time.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { findSentActions, startTestSystem, type TestSystem } from '../support/system.ts';

let house: TestSystem;
beforeAll(async () => {
  house = await startTestSystem({ files: treatEveryCustomer });
});
afterAll(() => house?.stop());

const who = (userId: string) => ({
  userId,
  context: {
    traits: { email: `${userId}@example.com` },
    consent: { categoryPreferences: { marketing: true } },
  },
});
const bought = (userId: string, order_id: string, total: number) => ({
  ...who(userId),
  name: 'Order Completed',
  properties: { order_id, total, currency: 'EUR' },
});
const cart = (userId: string) => ({
  ...who(userId),
  name: 'Checkout Started',
  properties: { total: 412, currency: 'EUR', products: [{ product_id: 'grinder', quantity: 1, price: 412 }] },
});
const failed = (userId: string) => ({
  ...who(userId),
  name: 'Payment Failed',
  properties: { order_id: 'o-10', value: 412, currency: 'EUR', code: 'card_declined' },
});

async function tasks(customer: string) {
  return house.db.db.sql`select * from agent_tasks where customer_id = ${customer} order by at`;
}

test('story 2, D-6, B-8, D-3: of high value, a person calls, with cart, failed payment and history on the screen', async () => {
  await house.accept(bought('greta', 'o-1', 900), cart('greta'));
  const customer = await house.findCustomerId('greta');
  await house.waitUntilSettled(customer);
  await house.accept(failed('greta'));
  await house.waitUntilSettled(customer);

  const [task] = await tasks(customer);
  expect(task).toMatchObject({ state: 'open', queue: 'sales', action: 'agent-call' });
  expect(task?.case).toMatchObject({
    cart: { total: 41_200, items: [{ product_id: 'grinder' }] },
    payments: [{ orderId: 'o-10', code: 'card_declined' }],
  });
  expect(task?.case.history.map((h: { name: string }) => h.name)).toContain('Payment Failed');
  expect(await findSentActions(house, customer)).toEqual(['order-confirmation']);

  // The agent places the order: it reaches the goal, withdraws the task, and its confirmation passes.
  await house.accept(bought('greta', 'o-11', 412));
  await house.waitUntilSettled(customer);
  expect(await findSentActions(house, customer)).toEqual(['order-confirmation', 'order-confirmation']);
  expect((await tasks(customer))[0]?.state).toBe('withdrawn');
  const [rescue] = await house.db.db.sql`
    select reason, goal_at from enrollments where customer_id = ${customer} and journey = 'payment-rescue'`;
  expect(rescue).toMatchObject({ reason: 'goal' });
  expect(rescue?.goal_at).not.toBeNull();
  await house.replayHistories(customer);
});

test('story 2, D-8: the confirmation passes the suppression of an open ticket', async () => {
  await house.accept({ ...who('hugo'), name: 'Ticket Opened', properties: { ticket_id: 'T1' } });
  await house.accept(bought('hugo', 'o-1', 20));
  const customer = await house.findCustomerId('hugo');
  await house.waitUntilSettled(customer);
  expect(await findSentActions(house, customer)).toContain('order-confirmation');
});

test('story 2: a customer of lower value gets a help e-mail', async () => {
  await house.accept(failed('ida'));
  const customer = await house.findCustomerId('ida');
  await house.waitUntilSettled(customer);
  expect(await tasks(customer)).toEqual([]);
  expect(await findSentActions(house, customer)).toEqual(['help-email']);
});

test('A-7: an unacknowledged task escalates under the skipped clock, and expires into the help e-mail', async () => {
  await house.accept(bought('jan', 'o-1', 900));
  await house.accept(failed('jan'));
  const customer = await house.findCustomerId('jan');
  await house.waitUntilSettled(customer);
  expect((await tasks(customer))[0]).toMatchObject({ state: 'open', queue: 'sales', level: 0 });
  await house.advanceTime(customer, 16 * MINUTE);
  expect((await tasks(customer))[0]).toMatchObject({ state: 'open', queue: 'sales-leads', level: 1 });
  await house.advanceTime(customer, 4 * HOUR);
  expect((await tasks(customer))[0]?.state).toBe('expired');
  expect(await findSentActions(house, customer)).toContain('help-email');
  await house.replayHistories(customer);
});
