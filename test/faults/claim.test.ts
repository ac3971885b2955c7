import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeRecord } from '../../db/decisions/record/decision-record.ts';
import { acceptInTransaction } from '../../src/app/intake/commit.ts';
import type { ProgressAnswer } from '../../src/domain/protocol.ts';
import { DAY, MINUTE } from '../../src/domain/time/time.ts';
import { barrier, createActivityCalls, fakeChannel } from '../support/activity-calls.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
});
afterAll(() => system?.stop());

const sentOk = () => ({ state: 'sent' as const, providerId: '250 OK' });
const consent = { consent: { categoryPreferences: { marketing: true } } };

async function machineBuyer(userId: string): Promise<string> {
  await system.accept({
    name: 'Order Completed',
    userId,
    context: { ...consent, traits: { email: `${userId}@example.com` } },
    properties: { order_id: `o-${userId}`, total: 400, products: [{ product_id: 'espresso-machine' }] },
  });
  return system.findCustomerId(userId);
}

/** A customer whose first tip (marketing) is planned, a day after the confirmation. */
async function withPlannedTip(
  userId: string,
  activities: ReturnType<typeof createActivityCalls>,
): Promise<[customer: string, tip: string]> {
  const customer = await machineBuyer(userId);
  await activities.deliver(customer, await activities.planDelivery(customer));
  const later = Date.now() + DAY + MINUTE;
  await activities.decide(customer, 2);
  const answer = (await activities.decide(customer, 3, later)) as ProgressAnswer;
  const tip = answer.effects.find((e) => e.class === 'marketing');
  if (!tip) throw new Error('no tip was planned');
  return [customer, tip.id];
}

async function delivery(id: string) {
  const [row] = await system.db.db
    .sql`select state, verdict, attempts, fence from deliveries where id = ${id}`;
  return row;
}

const ticketOf = (customerId: string) => ({
  workspace: WORKSPACE,
  customerId,
  messageId: `ticket-${customerId}`,
  type: 'track' as const,
  name: 'Ticket Opened',
  at: Date.now(),
  historical: false,
  source: 'test',
  properties: { ticket_id: 'T1' },
  traits: {},
  context: {},
});

test('I3, correctness 3: a claim waits for a ticket that is being accepted, and then refuses', async () => {
  const channel = fakeChannel(sentOk);
  const activities = createActivityCalls(system, channel);
  const [customer, tip] = await withPlannedTip('carl', activities);
  channel.outgoing.length = 0;
  let claim: Promise<unknown> = Promise.resolve();
  await system.db.db.sql.begin(async (tx) => {
    await acceptInTransaction(tx, activities.deps, [ticketOf(customer)]);
    claim = activities.deliver(customer, tip, Date.now() + DAY + 2 * MINUTE);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await delivery(tip))?.state).toBe('planned');
  });
  expect(await claim).toMatchObject({ state: 'held' });
  expect(channel.outgoing).toEqual([]);
  expect((await delivery(tip))?.verdict).toMatchObject({ code: 'ticket_open' });
});

test('correctness 5: a ticket that opens between a 421 and the next attempt holds that attempt', async () => {
  let reply: 'retry' | 'sent' = 'retry';
  const channel = fakeChannel(() =>
    reply === 'retry' ? { state: 'retry', error: '421 come back' } : sentOk(),
  );
  const activities = createActivityCalls(system, fakeChannel(sentOk));
  const [customer, tip] = await withPlannedTip('dora', activities);
  const slow = createActivityCalls(system, channel);
  const now = Date.now() + DAY + 2 * MINUTE;
  const first = await slow.deliver(customer, tip, now);
  expect(first).toMatchObject({ state: 'planned' });
  expect(first.retryAt).toBeGreaterThan(now);
  await system.accept({ ...ticketOf(customer), messageId: 'between' });
  reply = 'sent';
  expect(await slow.deliver(customer, tip, (first.retryAt as number) + 1)).toMatchObject({ state: 'held' });
  expect(channel.outgoing).toHaveLength(1);
});

test('I2, correctness 6: a second attempt after a lapsed lease sends nothing, and a late success of the first is kept', async () => {
  const door = barrier();
  const channel = fakeChannel(async () => {
    door.arrive();
    await door.wait;
    return sentOk();
  });
  const activities = createActivityCalls(system, channel);
  const customer = await machineBuyer('emil');
  const id = await activities.planDelivery(customer);
  const stalled = activities.deliver(customer, id);
  await door.reached;

  const during = await activities.deliver(customer, id);
  expect(during).toMatchObject({ state: 'sending' });
  expect(during.retryAt).toBeGreaterThan(Date.now());

  await system.db.db.sql`update deliveries set lease_until = now() - interval '1 second' where id = ${id}`;
  expect(await activities.deliver(customer, id)).toMatchObject({ state: 'unknown' });
  expect((await delivery(id))?.state).toBe('unknown');

  door.open();
  await stalled;
  expect((await delivery(id))?.state).toBe('sent');
  expect(await activities.deliver(customer, id)).toMatchObject({ state: 'sent' });
  expect(channel.outgoing).toHaveLength(1);
});

test('I2: concurrent and later attempts send one delivery id once', async () => {
  const channel = fakeChannel(sentOk);
  const activities = createActivityCalls(system, channel);
  const customer = await machineBuyer('fritz');
  const id = await activities.planDelivery(customer);
  await Promise.all(Array.from({ length: 8 }, () => activities.deliver(customer, id)));
  await activities.deliver(customer, id);
  expect(channel.outgoing).toHaveLength(1);
  const facts = await system.db.db.sql`
    select name from events where customer_id = ${customer} and name like 'Delivery %'`;
  expect(facts.map((f) => f.name)).toEqual(['Delivery Sent']);
});

test('B-7: a claim judges again: withdrawn consent, a pause or expiry hold a delivery that was allowed when decided', async () => {
  const channel = fakeChannel(sentOk);
  const activities = createActivityCalls(system, channel);
  const now = Date.now() + DAY + 2 * MINUTE;

  const [withdrawn, first] = await withPlannedTip('gina', activities);
  channel.outgoing.length = 0;
  await system.accept({
    name: 'Consent Changed',
    userId: 'gina',
    properties: { purpose: 'marketing', status: 'withdrawn' },
  });
  expect(await activities.deliver(withdrawn, first, now)).toMatchObject({ state: 'held' });
  expect((await delivery(first))?.verdict).toMatchObject({ code: 'consent_withdrawn' });

  const [paused, second] = await withPlannedTip('hans', activities);
  channel.outgoing.length = 0;
  await system.accept({ name: 'Customer Paused', userId: 'hans', properties: { reason: 'asked us to' } });
  expect(await activities.deliver(paused, second, now)).toMatchObject({ state: 'held' });
  expect((await delivery(second))?.verdict).toMatchObject({ code: 'customer_paused' });

  const [late, third] = await withPlannedTip('inge', activities);
  channel.outgoing.length = 0;
  expect(await activities.deliver(late, third, now + 40 * DAY)).toMatchObject({ state: 'held' });
  expect(channel.outgoing).toEqual([]);
});

test('a hard bounce suppresses the address, and no further message is sent to it', async () => {
  const channel = fakeChannel(() => ({ state: 'failed', error: '550 no such user', suppress: true }));
  const activities = createActivityCalls(system, channel);
  const customer = await machineBuyer('jutta');
  expect(await activities.deliver(customer, await activities.planDelivery(customer))).toMatchObject({
    state: 'failed',
  });
  await system.accept({
    name: 'Order Completed',
    userId: 'jutta',
    properties: { order_id: 'another', total: 5 },
  });
  await activities.decide(customer, 2);
  const [row] = await system.db.db.sql`
    select record from decisions where customer_id = ${customer} order by ordinal desc limit 1`;
  const { candidates } = decodeRecord(row?.record);
  const confirmation = candidates.find(({ action }) => action === 'order-confirmation');
  expect(confirmation?.gates.filter(({ pass }) => !pass)).toMatchObject([{ code: 'address_suppressed' }]);
  expect(channel.outgoing).toHaveLength(1);
});

test('I2: retries an attempt that failed before the channel was called', async () => {
  const channel = fakeChannel(sentOk);
  const activities = createActivityCalls(system, channel);
  const customer = await machineBuyer('klaus');
  const id = await activities.planDelivery(customer);
  const { content } = activities.deps;
  activities.deps.content = () => Promise.reject(new Error('the database is away'));
  expect(await activities.deliver(customer, id)).toMatchObject({ state: 'planned' });
  expect(channel.outgoing).toEqual([]);
  activities.deps.content = content;
  expect(await activities.deliver(customer, id, Date.now() + MINUTE)).toMatchObject({ state: 'sent' });
});

test('waits as long as the provider asks, but at most a day', async () => {
  const wait = { after: 2 * 60 * MINUTE };
  const activities = createActivityCalls(
    system,
    fakeChannel(() => ({ state: 'retry', error: '429', ...wait })),
  );
  const customer = await machineBuyer('lena');
  const id = await activities.planDelivery(customer);
  const now = Date.now();
  const first = await activities.deliver(customer, id, now);
  expect(first.retryAt).toBe(now + wait.after);
  wait.after = 9 * DAY;
  const second = await activities.deliver(customer, id, now + wait.after / 1_000);
  expect(second).toMatchObject({ state: 'planned', retryAt: first.retryAt });
  const third = await activities.deliver(customer, id, first.retryAt as number);
  expect(third.retryAt).toBe((first.retryAt as number) + DAY);
});

test('the relay ends a delivery that no worker finished, even when no workflow is left', async () => {
  const channel = fakeChannel(sentOk);
  const activities = createActivityCalls(system, channel);
  const customer = await machineBuyer('kurt');
  const id = await activities.planDelivery(customer);
  await system.db.db.sql`
    update deliveries set state = 'sending', fence = 1, lease_until = now() - interval '2 minutes' where id = ${id}`;
  const { findAbandonedDeliveries } = await import('../../db/deliveries/deliveries.ts');
  const { endAbandonedDelivery } = await import('../../src/app/deliver/end-delivery.ts');
  const abandoned = await findAbandonedDeliveries(system.db.db.sql, 10);
  expect(abandoned.map((f) => f.id)).toEqual([id]);
  for (const delivery of abandoned) await endAbandonedDelivery(activities.deps, delivery);
  expect((await delivery(id))?.state).toBe('unknown');
});
