import { afterAll, beforeAll, expect, test } from 'vitest';
import { leaseOverdueWakes } from '../../db/wakes/lease-wakes.ts';
import { createUnconfiguredChannel } from '../../src/channels/unconfigured.ts';
import type { ProgressAnswer } from '../../src/domain/protocol.ts';
import { createActivityCalls, fakeChannel } from '../support/activity-calls.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
});
afterAll(() => system?.stop());

const sentOk = () => ({ state: 'sent' as const, providerId: '' });

async function buyer(userId: string): Promise<string> {
  await system.accept({
    name: 'Order Completed',
    userId,
    context: { traits: { email: `${userId}@example.com` } },
    properties: { order_id: 'o-1', total: 10, products: [{ product_id: 'espresso-machine' }] },
  });
  return system.findCustomerId(userId);
}

async function overdue(): Promise<string[]> {
  await system.db.db.sql`update wakes set lease_until = null`;
  const leased = await leaseOverdueWakes(system.db.db.sql, 50, 10, Date.now());
  return leased.map((wake) => wake.customerId).sort();
}

test('I4: the relay finds an effect that no worker has started after its run was lost', async () => {
  const activities = createActivityCalls(system, fakeChannel(sentOk));
  const customer = await buyer('planned');
  const id = await activities.planDelivery(customer);
  expect(await overdue()).toEqual([]);
  await system.db.db.sql`update deliveries set updated_at = now() - interval '2 minutes' where id = ${id}`;
  expect(await overdue()).toEqual([customer]);
  await activities.deliver(customer, id);
  expect(await overdue()).toEqual([]);
});

test('correctness 33: an edit wakes all customers parked under the previous bundle, also those that wait for an event alone', async () => {
  const activities = createActivityCalls(system, fakeChannel(sentOk));
  const customer = await buyer('parked');
  await activities.deliver(customer, await activities.planDelivery(customer));
  await activities.decide(customer, 2);
  await system.db.db.sql`update journeys set wake_at = null where customer_id = ${customer}`;
  expect(await overdue()).toEqual([]);
  await system.applyExample((files) =>
    treatEveryCustomer(files).map((f) =>
      f.path === 'workspace.yaml' ? { ...f, text: `${f.text}\n# edited\n` } : f,
    ),
  );
  expect(await overdue()).toContain(customer);
  const answer = (await activities.decide(customer, 3)) as ProgressAnswer;
  expect(answer.ordinal).toBe(3);
  expect(await overdue()).not.toContain(customer);
});

test('a channel that isn’t configured fails its deliveries with an error that says what to set', async () => {
  const activities = createActivityCalls(system, createUnconfiguredChannel('email', 'set SMTP_URL'));
  const customer = await buyer('nobody');
  const id = await activities.planDelivery(customer);
  expect(await activities.deliver(customer, id)).toMatchObject({ state: 'failed' });
  const [row] = await system.db.db.sql`select error from deliveries where id = ${id}`;
  expect(row?.error).toBe("channel email isn't set up: set SMTP_URL");
});

test('correctness 30: a direct signal that can’t be stored is saved as rejected, and the next ticket is processed', async () => {
  const live = await startTestSystem({ files: treatEveryCustomer });
  try {
    await live.accept({ name: 'Order Completed', userId: 'nul', properties: { order_id: 'o-1' } });
    const customer = await live.findCustomerId('nul');
    await live.waitUntilSettled(customer);
    const event = {
      name: 'Ticket Opened',
      messageId: 'nul-1',
      properties: { ticket_id: 'T1', text: 'a\u0000b' },
    };
    await live.getWorkflowHandle(customer).signal('events', { events: [event] } as never);
    await waitUntil(async () => {
      const rows = await live.db.db.sql`select 1 from rejected where message_id = 'nul-1'`;
      return rows.length === 1;
    }, 'the rejection');
    await live.accept({ name: 'Ticket Opened', userId: 'nul', properties: { ticket_id: 'T2' } });
    await live.waitUntilSettled(customer);
    const [row] = await live.db.db.sql`select state from journeys where customer_id = ${customer}`;
    expect(row?.state.openTickets.map((t: { id: string }) => t.id)).toEqual(['T2']);
  } finally {
    await live.stop();
  }
});
