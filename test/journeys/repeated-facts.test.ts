import { afterAll, beforeAll, expect, test } from 'vitest';
import { mergeCustomers } from '../../src/app/identity/merge-customers.ts';
import { createIntake, readCustomerId } from '../app/intake/support.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { findSentActions, startTestSystem, type TestSystem, WORKSPACE } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer });
});
afterAll(() => system?.stop());

const say = (userId: string, name: string, properties: Record<string, unknown>, consent?: boolean) => ({
  userId,
  name,
  properties,
  context: {
    traits: { email: `${userId}@example.com` },
    ...(consent === undefined ? {} : { consent: { categoryPreferences: { marketing: consent } } }),
  },
});
const order = { order_id: 'o-1', total: 90 };

async function countsOf(customer: string): Promise<Record<string, { n: number }>> {
  const [row] = await system.db.db
    .sql`select profile -> 'counts' as counts from customers where id = ${customer}`;
  return row?.counts;
}

test('an order that is told again under another message id ends no rescue, counts once and confirms nothing', async () => {
  await system.accept(say('tom', 'Order Completed', order, true));
  await system.accept(say('tom', 'Payment Failed', { order_id: 'o-2', value: 90 }));
  const customer = await system.findCustomerId('tom');
  await system.waitUntilSettled(customer);
  const before = await findSentActions(system, customer);
  const [again] = await system.accept(say('tom', 'Order Completed', order));
  expect(again?.status).toBe('accepted');
  await system.accept(say('tom', 'Page Viewed', {}));
  await system.waitUntilSettled(customer);
  expect(await findSentActions(system, customer)).toEqual(before);
  const [rescue] = await system.db.db.sql`
    select ended_at, goal_at from enrollments where customer_id = ${customer} and journey = 'payment-rescue'`;
  expect(rescue).toMatchObject({ ended_at: null, goal_at: null });
  expect((await countsOf(customer))['Order Completed']?.n).toBe(1);
  const [row] = await system.db.db.sql`
    select count(*) filter (where repeats is not null)::int as repeats, count(*)::int as all from events
    where customer_id = ${customer} and name = 'Order Completed'`;
  expect(row).toMatchObject({ repeats: 1, all: 2 });
});

test('a withdrawal that comes with an order told again is read', async () => {
  await system.accept(say('ute', 'Order Completed', order, true));
  await system.accept(say('ute', 'Order Completed', order, false));
  const customer = await system.findCustomerId('ute');
  const [row] = await system.db.db.sql`
    select status from consents where customer_id = ${customer} order by at desc, seq desc limit 1`;
  expect(row?.status).toBe('withdrawn');
  await system.waitUntilSettled(customer);
});

test('after a merge an order that both were told of counts once, and telling it again counts nothing', async () => {
  await system.accept({ name: 'Order Completed', anonymousId: 'vic-a', properties: order });
  await system.accept(say('vic', 'Order Completed', order));
  const winner = await system.findCustomerId('vic');
  const loser = await readCustomerId(system, 'anon', 'vic-a');
  const merged = await mergeCustomers(createIntake(system), {
    workspace: WORKSPACE,
    winner,
    loser,
    actor: 'test',
    reason: 'test',
  });
  expect(merged.ok).toBe(true);
  await system.accept(say('vic', 'Order Completed', order));
  const [row] = await system.db.db.sql`select profile from customers where id = ${winner}`;
  expect(row?.profile).toMatchObject({ orderCount: 1, spend: { EUR: 9000 } });
  expect(row?.profile.counts['Order Completed'].n).toBe(1);
  await system.waitUntilSettled(winner);
});

test('a part refund leaves a customer of high value to whom a person calls', async () => {
  await system.accept(
    say('wim', 'Order Completed', { order_id: 'a', total: 900 }, true),
    say('wim', 'Order Refunded', { order_id: 'a', total: 25 }),
    say('wim', 'Payment Failed', { order_id: 'b', value: 50 }),
  );
  const customer = await system.findCustomerId('wim');
  await system.waitUntilSettled(customer);
  const tasks = await system.db.db.sql`select action from agent_tasks where customer_id = ${customer}`;
  expect(tasks.map(({ action }) => action)).toContain('agent-call');
});
