import { afterAll, beforeAll, expect, test } from 'vitest';
import { raiseEpoch } from '../../db/maintenance/raise-epoch.ts';
import type { ProgressAnswer } from '../../src/domain/protocol.ts';
import type { LiveState } from '../../src/workflows/messages.ts';
import { createActivityCalls, fakeChannel } from '../support/activity-calls.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { findSentActions, startTestSystem, type TestSystem, waitUntil } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer });
});
afterAll(() => system?.stop());

const order = (userId: string, n: number) => ({
  name: 'Order Completed',
  userId,
  context: { traits: { email: `${userId}@example.com` } },
  properties: { order_id: `o-${n}`, total: 10 },
});

async function row(customer: string) {
  const [row] = await system.db.db.sql`select * from journeys where customer_id = ${customer}`;
  return row as { ordinal: number; processed_seq: number; epoch: number };
}

test('I1, I2, correctness 1: a new run resumes at the progress in Postgres, sends nothing twice and loses nothing', async () => {
  await system.accept(order('anna', 1));
  const customer = await system.findCustomerId('anna');
  await system.waitUntilSettled(customer);
  const before = await row(customer);
  await system.getWorkflowHandle(customer).terminate('the Temporal store was lost');

  await system.accept(order('anna', 2));
  await system.waitUntilSettled(customer);
  expect(await findSentActions(system, customer)).toHaveLength(2);
  expect((await row(customer)).ordinal).toBeGreaterThan(before.ordinal);
  const live = (await system.getWorkflowHandle(customer).query('state')) as LiveState;
  expect(live.ordinal).toBe((await row(customer)).ordinal);
  await system.replayHistories(customer);
});

test('I1, correctness 2: a log restored three events behind its workflow processes the events that follow', async () => {
  await system.accept(order('bert', 1));
  const customer = await system.findCustomerId('bert');
  await system.waitUntilSettled(customer);
  const tables = [
    'customers',
    'journeys',
    'wakes',
    'events',
    'decisions',
    'deliveries',
    'enrollments',
    'message_ids',
  ];
  const idOf = (table: string) => (table === 'customers' ? 'id' : 'customer_id');
  const sql = system.db.db.sql;
  for (const table of tables) {
    await sql.unsafe(
      `create table backup_${table} as select * from ${table} where ${idOf(table)} = '${customer}'`,
    );
  }
  for (const n of [2, 3, 4]) await system.accept(order('bert', n));
  await system.waitUntilSettled(customer);
  const ahead = await row(customer);

  await sql.begin(async (tx) => {
    for (const table of tables) {
      await tx.unsafe(`delete from ${table} where ${idOf(table)} = '${customer}'`);
      await tx.unsafe(`insert into ${table} select * from backup_${table}`);
    }
    await raiseEpoch(tx);
  });
  expect((await row(customer)).processed_seq).toBeLessThan(ahead.processed_seq);

  await system.accept(order('bert', 5));
  await system.waitUntilSettled(customer);
  const deliveries =
    await sql`select id, state, entry from deliveries where customer_id = ${customer} order by created_at`;
  const last = deliveries.at(-1);
  expect(last?.entry.properties.order_id).toBe('o-5');
  expect(last?.id).toMatch(/^dlv_[0-9a-f]+_2_/);
  expect(deliveries.map((d) => d.state)).toEqual(deliveries.map(() => 'sent'));
  const live = (await system.getWorkflowHandle(customer).query('state')) as LiveState;
  expect(live.processedSeq).toBe((await row(customer)).processed_seq);
});

test('correctness 40: two workers that run the same ordinal at once make one decision', async () => {
  const quiet = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
  try {
    await quiet.accept(order('cleo', 1));
    const customer = await quiet.findCustomerId('cleo');
    const activities = createActivityCalls(
      quiet,
      fakeChannel(() => ({ state: 'sent', providerId: '' })),
    );
    const answers = (await Promise.all(
      [1, 1, 1, 1].map((n) => activities.decide(customer, n)),
    )) as ProgressAnswer[];
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    const decisions = await quiet.db.db.sql`select id from decisions where customer_id = ${customer}`;
    const planned = await quiet.db.db.sql`select id from deliveries where customer_id = ${customer}`;
    expect([decisions.length, planned.length]).toEqual([1, 1]);
  } finally {
    await quiet.stop();
  }
});

test('correctness 12: an event that commits while a decision commits is processed', async () => {
  await system.accept(order('dirk', 1));
  const customer = await system.findCustomerId('dirk');
  await system.waitUntilSettled(customer);
  const sql = system.db.db.sql;
  let second: Promise<unknown> = Promise.resolve();
  await sql.begin(async (tx) => {
    // Decisions can't be written now: the journey's next one waits between its read and its commit.
    await tx`lock table decisions in share mode`;
    await system.accept(order('dirk', 2));
    await waitUntil(async () => {
      const [waiting] =
        await sql`select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into decisions%'`;
      return waiting?.n > 0;
    }, 'the decision to wait');
    second = system.accept(order('dirk', 3));
    await new Promise((resolve) => setTimeout(resolve, 200));
  });
  await second;
  await system.waitUntilSettled(customer);
  expect(await findSentActions(system, customer)).toHaveLength(3);
});

test('an event that wakes nothing, accepted while a decision commits, counts as processed at rest', async () => {
  await system.accept(order('dora', 1));
  const customer = await system.findCustomerId('dora');
  await system.waitUntilSettled(customer);
  const sql = system.db.db.sql;
  await sql.begin(async (tx) => {
    await tx`lock table decisions in share mode`;
    // It is processed without any effect, whose result would wake the journey again.
    await system.accept({ name: 'Customer Resumed', userId: 'dora' });
    await waitUntil(async () => {
      const [waiting] =
        await sql`select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into decisions%'`;
      return waiting?.n > 0;
    }, 'the decision to wait');
    await system.accept({ name: 'Page Viewed', userId: 'dora' });
    await system.accept({ name: 'Page Viewed', userId: 'dora' });
  });
  await system.waitUntilSettled(customer);
  const read = async () => {
    const [row] = await sql`
      select c.seq, w.processed_seq as processed from customers c join wakes w on w.customer_id = c.id
      where c.id = ${customer}`;
    return row as { seq: number; processed: number };
  };
  const rest = await read();
  expect(rest.processed).toBe(rest.seq);
  await system.accept({ name: 'Page Viewed', userId: 'dora' });
  expect(await read()).toEqual({ seq: rest.seq + 1, processed: rest.seq + 1 });
});

test('I4: a journey whose decisions fail waits by its own timer and moves within 30 s of the repair', async () => {
  await system.accept(order('elsa', 1));
  const customer = await system.findCustomerId('elsa');
  await system.waitUntilSettled(customer);
  const sql = system.db.db.sql;
  await sql`alter table decisions rename to decisions_gone`;
  await system.accept(order('elsa', 2));
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  await sql`alter table decisions_gone rename to decisions`;
  const healed = Date.now();
  await waitUntil(
    async () => (await findSentActions(system, customer)).length === 2,
    'the second confirmation',
    30_000,
  );
  expect(Date.now() - healed).toBeLessThan(30_000);
  expect((await system.getWorkflowHandle(customer).describe()).status.name).toBe('RUNNING');
  await system.replayHistories(customer);
});
