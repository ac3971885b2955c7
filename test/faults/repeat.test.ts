import { afterAll, beforeAll, expect, test } from 'vitest';
import { findAbandonedDeliveries } from '../../db/deliveries/deliveries.ts';
import { eraseEchoes } from '../../db/erasure/erase-from-members.ts';
import { repeatDelivery } from '../../src/app/deliver/repeat-delivery.ts';
import type { OutgoingMessage, SendResult } from '../../src/channels/channel.ts';
import type { ProgressAnswer } from '../../src/domain/protocol.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/time/time.ts';
import { createActivityCalls, fakeChannel } from '../support/activity-calls.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
});
afterAll(() => system?.stop());

const SILENCE: SendResult = { state: 'unknown', error: 'no reply for 12000 ms' };

/** A provider that sends one message for each key, and whose answers may be lost. */
function provider(loseAnswer: () => boolean = () => false) {
  const sent = new Map<string, string>();
  const answer = (message: OutgoingMessage): SendResult => {
    const content = JSON.stringify(message);
    const first = sent.get(message.deliveryId);
    if (first !== undefined && first !== content)
      return { state: 'unknown', error: '409 another message has this key', final: true };
    sent.set(message.deliveryId, content);
    return loseAnswer() ? SILENCE : { state: 'sent', providerId: `p-${message.deliveryId}` };
  };
  const channel = {
    ...fakeChannel(answer),
    idempotency: { window: DAY, provider: 'https://mail.example' },
  };
  return { channel, sent };
}

async function orderOf(userId: string): Promise<string> {
  await system.accept({
    name: 'Order Completed',
    userId,
    context: { traits: { email: `${userId}@example.com` } },
    properties: { order_id: `o-${userId}`, total: 40 },
  });
  return system.findCustomerId(userId);
}

async function delivery(id: string) {
  const [row] = await system.db.db.sql`
    select state, error, provider_id, attempts, pending_message is null as forgotten,
      extract(epoch from repeat_until - clock_timestamp()) / 3600 as hours from deliveries where id = ${id}`;
  return row;
}

/** What is left of an attempt whose process was killed: its lease has lapsed. */
async function lapse(id: string): Promise<void> {
  await system.db.db.sql`update deliveries set lease_until = now() - interval '2 minutes' where id = ${id}`;
}

async function changeName(userId: string): Promise<void> {
  await system.accept({
    type: 'identify',
    name: 'Customer Identified',
    userId,
    traits: { firstName: 'New Name', locale: 'de' },
  });
}

test('an attempt without an answer is repeated with the same content, and the customer gets one message', async () => {
  let lost = 2;
  const { channel, sent } = provider(() => lost-- > 0);
  const calls = createActivityCalls(system, channel);
  const customer = await orderOf('anna');
  const id = await calls.planDelivery(customer);
  const now = Date.now();
  const first = await calls.deliver(customer, id, now);
  expect(first).toMatchObject({ state: 'sending' });
  expect(first.retryAt).toBeGreaterThan(now + 10_000);
  expect(await delivery(id)).toMatchObject({ state: 'sending', error: SILENCE.error, forgotten: false });
  expect(await calls.deliver(customer, id)).toMatchObject({ state: 'sending' });
  expect(channel.outgoing).toHaveLength(1);

  await changeName('anna');
  await lapse(id);
  expect(await calls.deliver(customer, id)).toMatchObject({ state: 'sending' });
  await lapse(id);
  expect(await calls.deliver(customer, id)).toMatchObject({ state: 'sent', retryAt: null });
  expect(channel.outgoing).toHaveLength(3);
  expect(sent.size).toBe(1);
  expect(await delivery(id)).toMatchObject({ provider_id: `p-${id}`, forgotten: true, hours: null });
  const events = await system.db.db.sql`
    select name from events where customer_id = ${customer} and name like 'Delivery %'`;
  expect(events.map(({ name }) => name)).toEqual(['Delivery Sent']);
});

test('a delivery whose process was killed after the call is repeated, and one killed before the call is sent anew', async () => {
  const { channel, sent } = provider();
  for (const [userId, point] of [
    ['bert', 'sent'],
    ['bodo', 'claimed'],
  ] as const) {
    const killed = createActivityCalls(system, channel);
    let stop = () => {};
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    killed.deps.failpoint = (name) => {
      if (name !== point) return;
      stop();
      return new Promise<void>(() => {});
    };
    const customer = await orderOf(userId);
    const id = await killed.planDelivery(customer);
    void killed.deliver(customer, id);
    await stopped;
    await changeName(userId);
    await lapse(id);
    const calls = createActivityCalls(system, channel);
    expect(await calls.deliver(customer, id)).toMatchObject({ state: 'sent' });
  }
  expect(sent.size).toBe(2);
  expect(channel.outgoing.map(({ to }) => to)).toEqual([
    'bert@example.com',
    'bert@example.com',
    'bodo@example.com',
  ]);
});

test('the time to repeat is measured from the first attempt without an answer, with a margin, and then the delivery is unknown', async () => {
  const { channel } = provider(() => true);
  const calls = createActivityCalls(system, channel);
  const customer = await orderOf('carla');
  const id = await calls.planDelivery(customer);
  await calls.deliver(customer, id);
  expect(Number((await delivery(id))?.hours)).toBeCloseTo(23, 1);
  await system.db.db.sql`update deliveries set repeat_until = now() + interval '1 hour' where id = ${id}`;
  await lapse(id);
  expect(await calls.deliver(customer, id)).toMatchObject({ state: 'sending' });
  expect(Number((await delivery(id))?.hours)).toBeCloseTo(1, 1);
  await system.db.db.sql`update deliveries set repeat_until = now() - interval '1 second' where id = ${id}`;
  await lapse(id);
  expect(await calls.deliver(customer, id)).toMatchObject({ state: 'unknown', retryAt: null });
  expect((await delivery(id))?.error).toContain('no longer recognises a repeat');
  expect(channel.outgoing).toHaveLength(2);
});

test('a retry of which it is certain that nothing was sent begins the time anew', async () => {
  let answer: SendResult = { state: 'retry', error: '429' };
  const channel = { ...fakeChannel(() => answer), idempotency: { window: HOUR, provider: 'p' } };
  const calls = createActivityCalls(system, channel);
  const customer = await orderOf('dirk');
  const id = await calls.planDelivery(customer);
  const first = await calls.deliver(customer, id);
  expect(await delivery(id)).toMatchObject({ state: 'planned', forgotten: true, hours: null });
  answer = SILENCE;
  await calls.deliver(customer, id, first.retryAt as number);
  expect(Number((await delivery(id))?.hours)).toBeCloseTo(0.75, 1);
  answer = { state: 'retry', error: '503' };
  await lapse(id);
  expect(await calls.deliver(customer, id, first.retryAt as number)).toMatchObject({ state: 'sending' });
});

test('a tip that a ticket silences before its repeat ends as unknown: it may have left, and is not decided again', async () => {
  const { channel } = provider(() => channel.outgoing.at(-1)?.class === 'marketing');
  const calls = createActivityCalls(system, channel);
  await system.accept({
    name: 'Order Completed',
    userId: 'edda',
    context: {
      consent: { categoryPreferences: { marketing: true } },
      traits: { email: 'edda@example.com' },
    },
    properties: { order_id: 'o-edda', total: 400, products: [{ product_id: 'espresso-machine' }] },
  });
  const customer = await system.findCustomerId('edda');
  await calls.deliver(customer, await calls.planDelivery(customer));
  const later = Date.now() + DAY + MINUTE;
  await calls.decide(customer, 2);
  const answer = (await calls.decide(customer, 3, later)) as ProgressAnswer;
  const tip = answer.effects.find((effect) => effect.class === 'marketing');
  if (!tip) throw new Error('no tip was planned');
  expect(await calls.deliver(customer, tip.id, later + MINUTE)).toMatchObject({ state: 'sending' });
  await system.accept({ name: 'Ticket Opened', userId: 'edda', properties: { ticket_id: 'T1' } });
  await lapse(tip.id);
  expect(await calls.deliver(customer, tip.id, later + 2 * MINUTE)).toMatchObject({ state: 'unknown' });
  expect((await delivery(tip.id))?.error).toContain('ticket_open');
});

test.each([
  ['another provider', { window: DAY, provider: 'https://other.example' }],
  ['a provider that recognises no repeat', undefined],
])('nothing is repeated to %s', async (_, idempotency) => {
  const { channel } = provider(() => true);
  const userId = `fips-${idempotency?.window ?? 0}`;
  const customer = await orderOf(userId);
  const calls = createActivityCalls(system, channel);
  const id = await calls.planDelivery(customer);
  await calls.deliver(customer, id);
  await lapse(id);
  const { idempotency: __, ...bare } = channel;
  const other = createActivityCalls(system, { ...bare, ...(idempotency ? { idempotency } : {}) });
  expect(await other.deliver(customer, id)).toMatchObject({ state: 'unknown' });
  expect(channel.outgoing).toHaveLength(1);
});

test('nothing is repeated whose content an erasure has taken away', async () => {
  const { channel } = provider(() => true);
  const calls = createActivityCalls(system, channel);
  const customer = await orderOf('gerd');
  const id = await calls.planDelivery(customer);
  await calls.deliver(customer, id);
  const [entry] = await system.db.db.sql`select entry ->> 'id' as id from deliveries where id = ${id}`;
  await system.db.db.sql.begin((tx) => eraseEchoes(tx, [{ customerId: customer, id: entry?.id, seq: 1 }]));
  await lapse(id);
  expect(await calls.deliver(customer, id)).toMatchObject({ state: 'unknown' });
  expect(channel.outgoing).toHaveLength(1);
});

test('the relay leaves a delivery alone that may be repeated, and ends it when that time is over', async () => {
  const { channel } = provider(() => true);
  const calls = createActivityCalls(system, channel);
  const customer = await orderOf('hugo');
  const id = await calls.planDelivery(customer);
  await calls.deliver(customer, id);
  await lapse(id);
  const { sql } = system.db.db;
  const abandoned = async () => (await findAbandonedDeliveries(sql, 100)).map((row) => row.id);
  expect(await abandoned()).not.toContain(id);
  await sql`update deliveries set repeat_until = now() - interval '1 second' where id = ${id}`;
  expect(await abandoned()).toContain(id);
});

test('a repeat that support requests is judged by the gates, is not capped by the first, and is cancelled when refused', async () => {
  let lost = 1;
  const { channel, sent } = provider(() => lost-- > 0);
  const { idempotency: _, ...bare } = channel;
  const calls = createActivityCalls(system, bare);
  const customer = await orderOf('ida');
  const id = await calls.planDelivery(customer);
  expect(await calls.deliver(customer, id)).toMatchObject({ state: 'unknown' });
  const by = { reason: 'has not got it', actor: 'kim' };
  const second = await repeatDelivery(calls.deps, WORKSPACE, id, by);
  const answer = (await calls.decide(customer, 2)) as ProgressAnswer;
  expect(answer.effects.map((effect) => effect.id)).toContain(second);
  expect(await calls.deliver(customer, second)).toMatchObject({ state: 'sent' });
  expect([...sent.keys()]).toEqual([id, second]);

  lost = 1;
  const other = await orderOf('jan');
  const first = await calls.planDelivery(other);
  await calls.deliver(other, first);
  const refused = await repeatDelivery(calls.deps, WORKSPACE, first, by);
  await system.db.db.sql`update deliveries set not_after = 1 where id = ${refused}`;
  expect(await calls.deliver(other, refused)).toMatchObject({ state: 'cancelled', retryAt: null });
  expect((await delivery(refused))?.error).toBe('refused: too_late');
  expect(sent.has(refused)).toBe(false);
});
