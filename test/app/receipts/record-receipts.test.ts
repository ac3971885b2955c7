import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eraseRows, markErased } from '../../../src/app/identity/erase-customer.ts';
import { mergeCustomers } from '../../../src/app/identity/merge-customers.ts';
import { recordReceipts } from '../../../src/app/receipts/record-receipts.ts';
import type { SendResult } from '../../../src/channels/channel.ts';
import { addReceipt, RECEIPT_KINDS, type Receipt, readArrival } from '../../../src/domain/receipt.ts';
import { MINUTE } from '../../../src/domain/time/time.ts';
import { createActivityCalls, fakeChannel } from '../../support/activity-calls.ts';
import { treatEveryCustomer } from '../../support/bundles.ts';
import { startTestSystem, type TestSystem, WORKSPACE } from '../../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
});
afterAll(() => system?.stop());

const SENT: SendResult = { state: 'sent', providerId: 'p-sent' };
const START = Date.now() - MINUTE;
let users = 0;

/** A customer with a planned confirmation, whose channel answers `result` after it has called `during`. */
async function plan(result: SendResult, during: (id: string) => Promise<unknown> = async () => {}) {
  const userId = `reader-${++users}`;
  const channel = fakeChannel(async ({ deliveryId }) => {
    // So that the receipts of the tests are later.
    await system.db.db
      .sql`update deliveries set claimed_at = ${new Date(START - MINUTE)} where id = ${deliveryId}`;
    await during(deliveryId);
    return result;
  });
  const activities = createActivityCalls(system, channel);
  await system.accept({
    name: 'Order Completed',
    userId,
    context: {
      consent: { categoryPreferences: { marketing: true } },
      traits: { email: `${userId}@example.com` },
    },
    properties: { order_id: `o-${userId}`, total: 400, products: [{ product_id: 'espresso-machine' }] },
  });
  const customer = await system.findCustomerId(userId);
  const id = await activities.planDelivery(customer);
  return { activities, channel, customer, id, userId };
}

type Reported = Partial<Receipt> & { kind: Receipt['kind'] };

function report(id: string, reported: readonly Reported[]) {
  const receipts = reported.map(
    (each, n): Receipt => ({
      channel: 'email',
      deliveryId: id,
      providerId: null,
      at: Date.now(),
      id: `${each.kind}-${n}`,
      ...each,
    }),
  );
  return recordReceipts(system.service, WORKSPACE, receipts);
}

async function read(id: string) {
  const [row] = await system.db.db.sql`
    select d.state, d.receipts, d.provider_id as "providerId",
      (select json_agg(json_build_object('name', e.name, 'properties', e.body -> 'properties') order by e.seq) from events e
        where e.customer_id = d.customer_id and e.name like 'Delivery %'
          and e.body -> 'properties' ->> 'delivery_id' = d.id) as events
    from deliveries d where d.id = ${id}`;
  const { events, ...delivery } = row as {
    state: string;
    receipts: object | null;
    providerId: string | null;
    events: { name: string; properties: Record<string, unknown> }[] | null;
  };
  return { ...delivery, names: (events ?? []).map(({ name }) => name), events: events ?? [] };
}

const RESULTS: Record<string, SendResult> = {
  sent: SENT,
  unknown: { state: 'unknown', error: 'no answer' },
  planned: { state: 'retry', error: '421 later' },
  failed: { state: 'failed', error: '550 no', suppress: false },
};

test('whatever the order of receipts and of the result of the send: one state, one set of events, one message', async () => {
  const reported = fc.record({
    kind: fc.constantFrom(...RECEIPT_KINDS),
    automatic: fc.boolean(),
    permanent: fc.boolean(),
    at: fc.integer({ min: START, max: START + 5 }),
    id: fc.constantFrom('r1', 'r2'),
  });
  const scenario = fc
    .tuple(fc.constantFrom(...Object.keys(RESULTS)), fc.array(reported, { maxLength: 5 }))
    .chain(([result, list]) =>
      fc.record({
        result: fc.constant(result),
        list: fc.constant(list),
        order: fc.shuffledSubarray([...list, ...list], {
          minLength: list.length * 2,
          maxLength: list.length * 2,
        }),
        split: fc.nat(list.length * 2),
      }),
    );
  await fc.assert(
    fc.asyncProperty(scenario, async ({ result, list, order, split }) => {
      const { activities, channel, customer, id } = await plan(RESULTS[result] as SendResult, (sending) =>
        report(sending, order.slice(0, split)),
      );
      const first = await activities.deliver(customer, id);
      for (const each of order.slice(split)) await report(id, [each]);
      const again = await activities.deliver(customer, id, Date.now() + MINUTE);
      const { state, receipts, names, events } = await read(id);
      const times = list.map((each) => each as Receipt).reduce(addReceipt, {});
      expect(receipts ?? {}).toEqual(times);
      const isProven = result === 'failed' ? readArrival(times) !== null : list.length > 0;
      const expected = isProven ? 'sent' : result;
      if (expected !== 'planned') {
        expect([state, again.state]).toEqual([expected, expected]);
        expect(channel.outgoing).toHaveLength(1);
        expect(names.filter((name) => name === 'Delivery Sent')).toHaveLength(expected === 'sent' ? 1 : 0);
      }
      if (split === order.length && list.length > 0 && isProven) expect(first.state).toBe('sent');
      for (const once of ['Delivery Delivered', 'Delivery Complained'])
        expect(names.filter((name) => name === once).length).toBeLessThanOrEqual(1);
      const told = events.map(({ name, properties }) => JSON.stringify([name, properties]));
      const reports = told.filter((text) => !/Sent|Failed|Unknown/.test(text));
      expect(new Set(reports).size).toBe(
        new Set(list.map((each) => JSON.stringify([each.kind, markOnly(each)]))).size,
      );
    }),
    { numRuns: 40 },
  );
}, 120_000);

/** What of a receipt makes another event, apart from its id. */
function markOnly({ kind, automatic, permanent }: Reported) {
  if (kind === 'bounced') return permanent === true;
  return kind === 'opened' || kind === 'clicked' ? automatic === true : null;
}

test('a receipt is found by the provider’s id, within its workspace and channel, if that names one message', async () => {
  const { activities, customer, id } = await plan({ state: 'sent', providerId: 'pm-77' });
  await activities.deliver(customer, id);
  const byProvider = (over: Partial<Receipt>) =>
    report(id, [{ kind: 'delivered', deliveryId: null, providerId: 'pm-77', ...over }]);
  expect(await byProvider({ providerId: 'pm-78' })).toEqual([{ kind: 'unknown_delivery' }]);
  expect(await byProvider({ channel: 'sms' })).toEqual([{ kind: 'unknown_delivery' }]);
  expect(await recordReceipts(system.service, 'other', [])).toEqual([]);
  expect(await byProvider({ channel: null })).toMatchObject([{ kind: 'recorded', deliveryId: id }]);
  expect(await byProvider({ id: 'second' })).toMatchObject([{ kind: 'repeated', deliveryId: id }]);

  const twin = await plan({ state: 'sent', providerId: 'pm-77' });
  await twin.activities.deliver(twin.customer, twin.id);
  expect(await byProvider({ kind: 'opened' })).toEqual([{ kind: 'unknown_delivery' }]);
});

test('a receipt of a message that was never handed to a provider is none of ours', async () => {
  const { id } = await plan(SENT);
  expect(await report(id, [{ kind: 'opened' }])).toEqual([{ kind: 'unknown_delivery' }]);
  expect((await read(id)).state).toBe('planned');
});

test('a bounce for good and a complaint suppress the address that the message went to, not the present one', async () => {
  for (const harmful of [
    { kind: 'bounced', permanent: true, reason: '5.1.1' },
    { kind: 'complained' },
  ] as const) {
    const { activities, customer, id, userId } = await plan(SENT);
    await activities.deliver(customer, id);
    await system.accept({
      name: 'Customer Identified',
      type: 'identify',
      userId,
      traits: { email: `${userId}.new@example.com` },
    });
    await report(id, [
      { kind: 'bounced', permanent: false, reason: `mailbox of ${userId}@example.com is full` },
    ]);
    expect(await countSuppressed(id)).toBe(0);
    await report(id, [harmful]);
    expect(await countSuppressed(id)).toBe(1);
    const reasons = (await read(id)).events.map(({ properties }) => properties.reason);
    expect(JSON.stringify(reasons)).not.toContain('example.com');
    const [listed] = await system.db.db.sql`
      select reason from suppressed_addresses where address_key = (select address_key from deliveries where id = ${id})`;
    expect(listed?.reason).toBe(harmful.kind === 'bounced' ? '5.1.1' : 'complained');
  }
});

async function countSuppressed(id: string): Promise<number> {
  const rows = await system.db.db.sql`
    select 1 from suppressed_addresses s join deliveries d on d.address_key = s.address_key where d.id = ${id}`;
  return rows.length;
}

test('an unsubscribe at the provider withdraws the consent as our own link does, and again after a new consent', async () => {
  const { activities, customer, id, userId } = await plan(SENT);
  await activities.deliver(customer, id);
  const status = async () => {
    const rows = await system.db.db.sql`
      select purpose, channel, topic, status from consents where customer_id = ${customer} order by seq`;
    return rows.map((row) => Object.values(row).join(' '));
  };
  await report(id, [{ kind: 'unsubscribed', id: 'u1' }]);
  await report(id, [
    { kind: 'unsubscribed', id: 'u1' },
    { kind: 'unsubscribed', id: 'u2' },
  ]);
  expect(await status()).toEqual(['marketing * * granted', 'marketing email * withdrawn']);
  await system.accept({
    name: 'Consent Changed',
    userId,
    source: 'preference_page',
    properties: { purpose: 'marketing', channel: 'email', topic: '*', status: 'granted' },
  });
  await report(id, [{ kind: 'unsubscribed', id: 'u1' }]);
  expect((await status()).at(-1)).toBe('marketing email * granted');
  await report(id, [{ kind: 'unsubscribed', id: 'u3', at: Date.now() }]);
  expect((await status()).at(-1)).toBe('marketing email * withdrawn');
  expect(await status()).toHaveLength(4);
});

test('receipts follow a merged customer, and of an erased one nothing is kept', async () => {
  const { activities, customer, id, userId } = await plan(SENT);
  await activities.deliver(customer, id);
  await system.accept({ name: 'Page Viewed', type: 'page', userId: `winner-of-${userId}` });
  const winner = await system.findCustomerId(`winner-of-${userId}`);
  await mergeCustomers(activities.deps, {
    workspace: WORKSPACE,
    loser: customer,
    winner,
    actor: 'test',
    reason: 'one person',
  });
  const click: Reported = { kind: 'clicked', url: 'https://shop.example/', position: 0 };
  expect(await report(id, [click])).toMatchObject([{ kind: 'recorded', customerId: winner }]);
  const clicked = (await read(id)).events.find(({ name }) => name === 'Delivery Clicked');
  expect(clicked?.properties).toEqual({
    delivery_id: id,
    enrollment_id: expect.any(String),
    action: 'order-confirmation',
    channel: 'email',
    url: 'https://shop.example/',
    position: 0,
  });
  await markErased(activities.deps, { workspace: WORKSPACE, customerId: winner, actor: 'test' });
  expect(await report(id, [{ ...click, id: 'later' }])).toEqual([{ kind: 'erased' }]);
  await eraseRows(activities.deps, WORKSPACE, [winner, customer]);
  expect(await report(id, [click])).toEqual([{ kind: 'unknown_delivery' }]);
});
