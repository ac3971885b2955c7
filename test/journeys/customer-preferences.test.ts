import { afterAll, beforeAll, expect, test } from 'vitest';
import { eraseCustomer } from '../../src/app/identity/erase-customer.ts';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { findSentActions, startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer });
});
afterAll(() => system?.stop());

/** Orders the machine: the confirmation is sent at once, the first tip a day later, then one a week. */
async function machineBuyer(userId: string): Promise<string> {
  await system.accept({
    name: 'Order Completed',
    userId,
    context: {
      consent: { categoryPreferences: { marketing: true } },
      traits: { email: `${userId}@example.com`, phone: '+491701112222' },
    },
    properties: { order_id: `o-${userId}`, total: 400, products: [{ product_id: 'espresso-machine' }] },
  });
  const customer = await system.findCustomerId(userId);
  await system.waitUntilSettled(customer);
  return customer;
}

const say = (userId: string, name: string, properties: Record<string, unknown>) =>
  system.accept({ userId, name, properties });
const tips = async (customer: string) =>
  (await findSentActions(system, customer)).filter((action) => action.startsWith('tip-'));

test('story 10, E-5: after an unsubscribe no marketing leaves, planned messages included, and orders are still confirmed', async () => {
  const customer = await machineBuyer('ada');
  await system.advanceTime(customer, 2 * DAY);
  expect(await tips(customer)).toHaveLength(1);
  await say('ada', 'Consent Changed', { purpose: 'marketing', status: 'withdrawn' });
  await system.advanceTime(customer, 30 * DAY);
  expect(await tips(customer)).toHaveLength(1);
  await say('ada', 'Order Completed', { order_id: 'o-2', total: 5 });
  await system.waitUntilSettled(customer);
  expect(
    (await findSentActions(system, customer)).filter((action) => action === 'order-confirmation'),
  ).toHaveLength(2);
  await system.replayHistories(customer);
});

test('E-5: an unwanted topic is suppressed, and other topics continue', async () => {
  const customer = await machineBuyer('bert');
  await say('bert', 'Consent Changed', { purpose: 'marketing', topic: 'tips', status: 'withdrawn' });
  await system.advanceTime(customer, 3 * DAY);
  expect(await tips(customer)).toEqual([]);
  const birthday = new Date(Date.now() + 8 * DAY).toISOString().slice(0, 10);
  await system.accept({
    name: 'Customer Identified',
    type: 'identify',
    userId: 'bert',
    traits: { birthday: `1980${birthday.slice(4)}` },
  });
  await system.advanceTime(customer, 8 * DAY);
  expect(await findSentActions(system, customer)).toContain('birthday-code');
  expect(await tips(customer)).toEqual([]);
});

test('E-5: a snooze suppresses marketing until its end, and held actions are then decided again', async () => {
  const customer = await machineBuyer('cleo');
  const until = new Date(Date.now() + 7 * DAY).toISOString();
  await say('cleo', 'Customer Snoozed', { until });
  await system.advanceTime(customer, 7 * DAY - HOUR);
  expect(await tips(customer)).toEqual([]);
  await system.advanceTime(customer, 2 * HOUR);
  expect(await tips(customer)).toEqual(['tip-grinder']);
});

test('E-5: a snooze can cover one topic, and can be taken back', async () => {
  const customer = await machineBuyer('dora');
  const until = new Date(Date.now() + 30 * DAY).toISOString();
  await say('dora', 'Customer Snoozed', { until, topics: ['tips'] });
  await system.advanceTime(customer, 3 * DAY);
  expect(await tips(customer)).toEqual([]);
  await say('dora', 'Customer Snoozed', { until: null });
  await system.advanceTime(customer, HOUR);
  expect(await tips(customer)).toEqual(['tip-grinder']);
});

test('story 10, E-5: a delivery that was planned before an objection is decided again and does not leave', async () => {
  const customer = await machineBuyer('emil');
  // A planned delivery whose claim follows the objection.
  const { createActivityCalls, fakeChannel } = await import('../support/activity-calls.ts');
  const calls = createActivityCalls(
    system,
    fakeChannel(() => ({ state: 'sent', providerId: '' })),
  );
  const [row] = await system.db.db.sql`select * from deliveries where customer_id = ${customer} limit 1`;
  const id = `${row?.id}_planned`;
  await system.db.db.sql`
    insert into deliveries (id, customer_id, workspace, decision_id, enrollment_id, action, class, purpose, topic, channel,
      bundle_version, state, at, not_after, entry)
    select ${id}, customer_id, workspace, decision_id, enrollment_id, 'tip-milk', 'marketing', 'marketing', 'tips', 'email',
      bundle_version, 'planned', at, not_after, entry from deliveries where id = ${row?.id}`;
  await say('emil', 'Consent Changed', { purpose: 'marketing', channel: 'email', status: 'withdrawn' });
  expect(await calls.deliver(customer, id)).toMatchObject({ state: 'held' });
  const [held] = await system.db.db.sql`select verdict from deliveries where id = ${id}`;
  expect(held?.verdict).toMatchObject({ code: 'consent_withdrawn' });
});

test('story 10, E-5, correctness 17: after an erasure nothing leaves, the journey ends, and no row remains', async () => {
  const customer = await machineBuyer('fritz');
  const { sql } = system.db.db;
  const erased = await eraseCustomer(
    { db: system.db.db },
    { workspace: 'aroma', customerId: customer, actor: 'fritz' },
  );
  expect(erased.ok).toBe(true);
  const before = system.mailbox.messages().length;
  // The tip's wake-up still happens: the workflow asks, receives `gone`, and ends.
  const { advanceClock } = await import('../../src/testing/clock.ts');
  await advanceClock(system.client, system.getWorkflowHandle(customer).workflowId, 2 * DAY).catch(() => {});
  await waitUntil(
    async () => {
      const { status } = await system
        .getWorkflowHandle(customer)
        .describe()
        .catch(() => ({ status: { name: 'GONE' } }));
      return status.name !== 'RUNNING';
    },
    'the workflow to end',
    40_000,
  );
  expect(system.mailbox.messages()).toHaveLength(before);
  for (const table of [
    'events',
    'deliveries',
    'decisions',
    'journeys',
    'enrollments',
    'consents',
    'identities',
  ]) {
    const [row] = await sql`select count(*)::int as n from ${sql(table)} where customer_id = ${customer}`;
    expect([table, row?.n]).toEqual([table, 0]);
  }
  // A late event with the address of an erased person creates a new customer.
  await say('fritz', 'Order Completed', { order_id: 'o-9', total: 5 });
  expect(await system.findCustomerId('fritz')).not.toBe(customer);
}, 90_000);
