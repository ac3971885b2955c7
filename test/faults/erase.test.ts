import { afterAll, beforeAll, expect, test } from 'vitest';
import { eraseCustomer, eraseRows } from '../../src/app/identity/erase-customer.ts';
import { mergeCustomers } from '../../src/app/identity/merge-customers.ts';
import { unmergeCustomers } from '../../src/app/identity/unmerge-customers.ts';
import { acceptOrSplit } from '../../src/app/intake/batcher.ts';
import type { ProgressAnswer } from '../../src/domain/protocol.ts';
import { eraseHistories } from '../../src/relay/erase-histories.ts';
import { buildWorkflowId } from '../../src/workflows/identifiers.ts';
import { customerOf, event, intakeOf } from '../app/intake/support.ts';
import { barrier, createActivityCalls, fakeChannel } from '../support/activity-calls.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { startTestSystem, type TestSystem, WORKSPACE, waitUntil } from '../support/system.ts';

let house: TestSystem;
beforeAll(async () => {
  house = await startTestSystem({ files: treatEveryCustomer });
});
afterAll(() => house?.stop());

const sentOk = () => ({ state: 'sent' as const, providerId: '' });
const TABLES = [
  'events',
  'identities',
  'message_ids',
  'consents',
  'tickets',
  'deliveries',
  'agent_tasks',
  'coupons',
  'rewards',
  'decisions',
  'enrollments',
  'wakes',
  'outbox',
  'journeys',
];

/** In how many rows each of these ids still stands, tombstones aside. */
async function traces(ids: string[]): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const table of TABLES) {
    const [row] = await house.db.db.sql`
      select count(*) as n from ${house.db.db.sql(table)} where customer_id = any(${ids})`;
    if (Number(row?.n) > 0) found[table] = Number(row?.n);
  }
  return found;
}

async function erase(customerId: string): Promise<string[]> {
  const erased = await eraseCustomer(intakeOf(house), { workspace: WORKSPACE, customerId, actor: 'test' });
  if (!erased.ok) throw new Error(erased.message);
  return erased.ids;
}

const buyer = (userId: string) => ({
  name: 'Order Completed',
  userId,
  context: {
    consent: { categoryPreferences: { marketing: true } },
    traits: { email: `${userId}@example.com` },
  },
  properties: { order_id: `o-${userId}`, total: 10, products: [{ product_id: 'espresso-machine' }] },
});

test('correctness 17: an erasure leaves a tombstone and deletes the histories of all runs and all merged ids', async () => {
  await house.accept(buyer('gone'), {
    name: 'Ticket Opened',
    userId: 'gone',
    properties: { ticket_id: 'T' },
  });
  await house.accept({
    name: 'Order Completed',
    anonymousId: 'gone',
    properties: { order_id: 'x', total: 1 },
  });
  const [winner, loser] = [await customerOf(house, 'user', 'gone'), await customerOf(house, 'anon', 'gone')];
  await house.waitUntilSettled(winner);
  await house.waitUntilSettled(loser);
  await mergeCustomers(intakeOf(house), {
    workspace: WORKSPACE,
    loser,
    winner,
    actor: 'test',
    reason: 'test',
  });
  await house.waitUntilSettled(winner);
  // Named by the id that was lost: the whole person goes.
  expect((await erase(loser)).sort()).toEqual([winner, loser].sort());

  const { sql } = house.db.db;
  const journeys = house.service.journeys;
  await waitUntil(async () => {
    await sql`update erasures set next_at = now()`;
    await eraseHistories({
      db: house.db.db,
      journeys,
      eraseRows: (workspace, ids) => eraseRows(intakeOf(house), workspace, ids),
    });
    const open = await sql`select 1 from erasures where done_at is null`;
    return open.length === 0;
  }, 'the erasures to end');
  for (const id of [winner, loser]) {
    const list = house.client.workflow.list({ query: `WorkflowId = '${buildWorkflowId(WORKSPACE, id)}'` });
    for await (const execution of list) throw new Error(`${execution.workflowId} is still there`);
  }
  expect(await traces([winner, loser])).toEqual({});
  const [tombstone] = await sql`select erased_at, email, profile from customers where id = ${winner}`;
  expect(tombstone?.erased_at).not.toBeNull();
  expect(JSON.stringify(tombstone?.profile)).not.toContain('example.com');
});

test('correctness 17: a late event for an erased id is rejected without its content and creates no customer', async () => {
  await house.accept(buyer('late'));
  const customer = await customerOf(house, 'user', 'late');
  await house.waitUntilSettled(customer);
  await erase(customer);
  const late = event({
    customerId: customer,
    name: 'Order Completed',
    properties: { secret: 'of the late' },
  });
  const [receipt] = await acceptOrSplit(intakeOf(house), [late]);
  expect(receipt).toMatchObject({ status: 'rejected', customerId: null });
  const [row] = await house.db.db.sql`select code, body from rejected where message_id = ${late.messageId}`;
  expect(row).toEqual({ code: 'erased', body: '' });

  const desk = createActivityCalls(house, fakeChannel(sentOk));
  expect(await desk.decide(customer, null)).toEqual({ kind: 'gone' });
  expect(await desk.decide(customer, 5)).toEqual({ kind: 'gone' });
  expect(await traces([customer])).toEqual({});

  await house.accept(buyer('late'));
  const again = await customerOf(house, 'user', 'late');
  expect(again).not.toBe(customer);
});

test('correctness 17: an attempt that runs while its customer is erased ends and leaves no rows', async () => {
  const door = barrier();
  const channel = fakeChannel(async () => {
    door.arrive();
    await door.wait;
    return sentOk();
  });
  await house.accept({ ...buyer('midway'), historical: true });
  const customer = await customerOf(house, 'user', 'midway');
  const desk = createActivityCalls(house, channel);
  await house.db.db
    .sql`update wakes set lease_until = now() + interval '1 hour' where customer_id = ${customer}`;
  await acceptOrSplit(intakeOf(house), [
    event({ name: 'Ticket Opened', customerId: customer, properties: { ticket_id: 'M' } }),
  ]);
  const answer = (await desk.decide(customer, null)) as ProgressAnswer;
  const [effect] = answer.effects;
  if (!effect) throw new Error('nothing was planned');
  const sending = desk.deliver(customer, effect.id).catch((error) => error);
  await door.reached;
  await erase(customer);
  door.open();
  await sending;
  await eraseRows(intakeOf(house), WORKSPACE, [customer]);
  expect(await traces([customer])).toEqual({});
});

test('correctness 17: events concurrent with an erasure go to a new customer or are rejected, never to the erased one', async () => {
  await house.accept({ name: 'Page Viewed', userId: 'racing' });
  const customer = await customerOf(house, 'user', 'racing');
  const said = Array.from({ length: 40 }, (_, i) =>
    event(i % 4 === 0 ? { customerId: customer } : { userId: 'racing' }),
  );
  const [, ...receipts] = await Promise.all([
    erase(customer),
    ...said.map((one) => acceptOrSplit(intakeOf(house), [one])),
  ]);
  const refused = said.filter((_, i) => receipts[i]?.[0]?.status === 'rejected');
  expect(refused.every((one) => one.customerId === customer)).toBe(true);
  expect(await traces([customer])).toEqual({});
  await house.accept({ name: 'Page Viewed', userId: 'racing' });
  expect(await customerOf(house, 'user', 'racing')).not.toBe(customer);
});

test('correctness 16, 17: an erasure after an unmerge deletes one customer in both logs, and the other keeps their events', async () => {
  await house.accept({ name: 'Page Viewed', userId: 'pw' }, { name: 'Page Viewed', anonymousId: 'pl' });
  const [winner, loser] = [await customerOf(house, 'user', 'pw'), await customerOf(house, 'anon', 'pl')];
  const why = { workspace: WORKSPACE, actor: 'test', reason: 'test' };
  await mergeCustomers(intakeOf(house), { ...why, loser, winner });
  const said = (whose: string) => ({ name: 'Product Added', properties: { product_id: whose } });
  await house.accept({ ...said('ours'), userId: 'pw' }, { ...said('theirs'), anonymousId: 'pl' });
  const unmerged = await unmergeCustomers(intakeOf(house), { ...why, loser });
  if (!unmerged.ok) throw new Error(unmerged.message);
  const kept = async () => {
    const rows = await house.db.db.sql`
      select body #>> '{properties,product_id}' as id from events
      where name = 'Product Added' and (customer_id = ${winner} or origin = ${loser}) order by customer_id, seq`;
    return rows.map((row) => row.id);
  };
  expect(await kept()).toEqual(['ours', 'theirs']);
  await erase(unmerged.customerId);
  expect(await kept()).toEqual(['ours', null]);
  await erase(winner);
  expect(await kept()).toEqual([null]);
});

test('refuses to erase an unknown customer; a second erasure of the same person changes nothing', async () => {
  const nobody = { workspace: WORKSPACE, customerId: 'cus_nobody', actor: 'test' };
  expect(await eraseCustomer(intakeOf(house), nobody)).toMatchObject({
    ok: false,
    reason: 'unknown_customer',
  });
  await house.accept({ name: 'Page Viewed', userId: 'twice' });
  const customer = await customerOf(house, 'user', 'twice');
  await erase(customer);
  expect(await erase(customer)).toEqual([customer]);
});
