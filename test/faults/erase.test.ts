import { afterAll, beforeAll, expect, test } from 'vitest';
import { eraseCustomer, eraseFromMembers, eraseRows } from '../../src/app/identity/erase-customer.ts';
import { mergeCustomers } from '../../src/app/identity/merge-customers.ts';
import { unmergeCustomers } from '../../src/app/identity/unmerge-customers.ts';
import { acceptOrSplit } from '../../src/app/intake/batcher.ts';
import type { ProgressAnswer } from '../../src/domain/protocol.ts';
import { eraseHistories } from '../../src/relay/erase-histories.ts';
import { buildWorkflowId } from '../../src/workflows/identifiers.ts';
import { buildEvent, createIntake, readCustomerId } from '../app/intake/support.ts';
import { barrier, createActivityCalls, fakeChannel } from '../support/activity-calls.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { buildMachineOrder } from '../support/machine-order.ts';
import { startTestSystem, type TestSystem, WORKSPACE, waitUntil } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer });
});
afterAll(() => system?.stop());

const sentOk = () => ({ state: 'sent' as const, providerId: '' });
/** Counts the rows that still hold one of these ids, tombstones aside. */
async function traces(ids: string[]): Promise<Record<string, number>> {
  const { sql } = system.db.db;
  const counts: Record<string, number> = {};
  const tables = await sql<{ table: string }[]>`
    select table_name as table from information_schema.columns
    where table_schema = 'public' and column_name = 'customer_id' and table_name <> 'erasures'`;
  for (const { table } of tables) {
    const [row] = await sql`select count(*) as n from ${sql(table)} where customer_id = any(${ids})`;
    if (Number(row?.n) > 0) counts[table] = Number(row?.n);
  }
  return counts;
}

async function erase(customerId: string): Promise<string[]> {
  const erased = await eraseCustomer(createIntake(system), {
    workspace: WORKSPACE,
    customerId,
    actor: 'test',
  });
  if (!erased.ok) throw new Error(erased.message);
  return erased.ids;
}

const buyer = (userId: string) => buildMachineOrder(userId, 10);

test('correctness 17: an erasure leaves a tombstone and deletes the histories of all runs and all merged ids', async () => {
  await system.accept(buyer('gone'), {
    name: 'Ticket Opened',
    userId: 'gone',
    properties: { ticket_id: 'T' },
  });
  await system.accept({
    name: 'Order Completed',
    anonymousId: 'gone',
    properties: { order_id: 'x', total: 1 },
  });
  const [winner, loser] = [
    await readCustomerId(system, 'user', 'gone'),
    await readCustomerId(system, 'anon', 'gone'),
  ];
  await system.waitUntilSettled(winner);
  await system.waitUntilSettled(loser);
  await mergeCustomers(createIntake(system), {
    workspace: WORKSPACE,
    loser,
    winner,
    actor: 'test',
    reason: 'test',
  });
  await system.waitUntilSettled(winner);
  // Named by a merged id: the whole person is erased.
  expect((await erase(loser)).sort()).toEqual([winner, loser].sort());

  const { sql } = system.db.db;
  const journeys = system.service.journeys;
  await waitUntil(
    async () => {
      await sql`update erasures set next_at = now()`;
      await eraseHistories({
        db: system.db.db,
        journeys,
        eraseRows: (workspace, ids) => eraseRows(createIntake(system), workspace, ids),
        eraseFromMembers: (ids) => eraseFromMembers(createIntake(system), ids),
      });
      const open = await sql`select 1 from erasures where done_at is null`;
      return open.length === 0;
    },
    'the erasures to end',
    60_000,
  );
  for (const id of [winner, loser]) {
    const list = system.client.workflow.list({ query: `WorkflowId = '${buildWorkflowId(WORKSPACE, id)}'` });
    for await (const execution of list) throw new Error(`${execution.workflowId} is still there`);
  }
  expect(await traces([winner, loser])).toEqual({});
  const [tombstone] = await sql`select erased_at, email, profile from customers where id = ${winner}`;
  expect(tombstone?.erased_at).not.toBeNull();
  expect(JSON.stringify(tombstone?.profile)).not.toContain('example.com');
}, 90_000);

test('correctness 17: a late event for an erased id is rejected without its content and creates no customer', async () => {
  await system.accept(buyer('late'));
  const customer = await readCustomerId(system, 'user', 'late');
  await system.waitUntilSettled(customer);
  await erase(customer);
  const late = buildEvent({
    customerId: customer,
    name: 'Order Completed',
    properties: { secret: 'of the late' },
  });
  const [receipt] = await acceptOrSplit(createIntake(system), [late]);
  expect(receipt).toMatchObject({ status: 'rejected', customerId: null });
  const [row] = await system.db.db.sql`select code, body from rejected where message_id = ${late.messageId}`;
  expect(row).toEqual({ code: 'erased', body: '' });

  const activities = createActivityCalls(system, fakeChannel(sentOk));
  expect(await activities.decide(customer, null)).toEqual({ kind: 'gone' });
  expect(await activities.decide(customer, 5)).toEqual({ kind: 'gone' });
  expect(await traces([customer])).toEqual({});

  await system.accept(buyer('late'));
  const again = await readCustomerId(system, 'user', 'late');
  expect(again).not.toBe(customer);
});

test('correctness 17: an attempt that runs while its customer is erased ends and leaves no rows', async () => {
  const door = barrier();
  const channel = fakeChannel(async () => {
    door.arrive();
    await door.wait;
    return sentOk();
  });
  await system.accept({ ...buyer('midway'), historical: true });
  const customer = await readCustomerId(system, 'user', 'midway');
  const activities = createActivityCalls(system, channel);
  await system.db.db
    .sql`update wakes set lease_until = now() + interval '1 hour' where customer_id = ${customer}`;
  await acceptOrSplit(createIntake(system), [
    buildEvent({ name: 'Ticket Opened', customerId: customer, properties: { ticket_id: 'M' } }),
  ]);
  const answer = (await activities.decide(customer, null)) as ProgressAnswer;
  const [effect] = answer.effects;
  if (!effect) throw new Error('nothing was planned');
  const sending = activities.deliver(customer, effect.id).catch((error) => error);
  await door.reached;
  await erase(customer);
  door.open();
  await sending;
  await eraseRows(createIntake(system), WORKSPACE, [customer]);
  expect(await traces([customer])).toEqual({});
});

test('correctness 17: events concurrent with an erasure go to a new customer or are rejected, never to the erased one', async () => {
  await system.accept({ name: 'Page Viewed', userId: 'racing' });
  const customer = await readCustomerId(system, 'user', 'racing');
  const events = Array.from({ length: 40 }, (_, i) =>
    buildEvent(i % 4 === 0 ? { customerId: customer } : { userId: 'racing' }),
  );
  const [, ...receipts] = await Promise.all([
    erase(customer),
    ...events.map((one) => acceptOrSplit(createIntake(system), [one])),
  ]);
  const refused = events.filter((_, i) => receipts[i]?.[0]?.status === 'rejected');
  expect(refused.every((one) => one.customerId === customer)).toBe(true);
  expect(await traces([customer])).toEqual({});
  await system.accept({ name: 'Page Viewed', userId: 'racing' });
  expect(await readCustomerId(system, 'user', 'racing')).not.toBe(customer);
});

test('correctness 16, 17: an erasure after an unmerge deletes one customer in both logs, and the other keeps their events', async () => {
  await system.accept({ name: 'Page Viewed', userId: 'pw' }, { name: 'Page Viewed', anonymousId: 'pl' });
  const [winner, loser] = [
    await readCustomerId(system, 'user', 'pw'),
    await readCustomerId(system, 'anon', 'pl'),
  ];
  const why = { workspace: WORKSPACE, actor: 'test', reason: 'test' };
  await mergeCustomers(createIntake(system), { ...why, loser, winner });
  const buildAdded = (owner: string) => ({ name: 'Product Added', properties: { product_id: owner } });
  await system.accept(
    { ...buildAdded('ours'), userId: 'pw' },
    { ...buildAdded('theirs'), anonymousId: 'pl' },
  );
  const unmerged = await unmergeCustomers(createIntake(system), { ...why, loser });
  if (!unmerged.ok) throw new Error(unmerged.message);
  const added = await system.db.db.sql<{ customerId: string; seq: number }[]>`
    select customer_id as "customerId", seq from events
    where name = 'Product Added' and (customer_id = ${winner} or origin = ${loser}) order by customer_id, seq`;
  const kept = async () => {
    const rows = await system.db.db.sql`
      select e.name, body #>> '{properties,product_id}' as id from events e
      join json_to_recordset(${JSON.stringify(added)}::text::json) as a("customerId" text, seq bigint)
        on e.customer_id = a."customerId" and e.seq = a.seq
      order by e.customer_id, e.seq`;
    return rows.map(({ name, id }) => (name === 'Product Added' ? id : name));
  };
  expect(await kept()).toEqual(['ours', 'theirs']);
  await erase(unmerged.customerId);
  expect(await kept()).toEqual(['ours', 'Erased']);
  await erase(winner);
  expect(await kept()).toEqual(['Erased']);
});

test('refuses to erase an unknown customer; a second erasure of the same person changes nothing', async () => {
  const nobody = { workspace: WORKSPACE, customerId: 'cus_nobody', actor: 'test' };
  expect(await eraseCustomer(createIntake(system), nobody)).toMatchObject({
    ok: false,
    reason: 'unknown_customer',
  });
  await system.accept({ name: 'Page Viewed', userId: 'twice' });
  const customer = await readCustomerId(system, 'user', 'twice');
  await erase(customer);
  expect(await erase(customer)).toEqual([customer]);
});
