import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishStaleOutbox } from '../../src/app/decide/publish-outbox.ts';
import { createActivityDeps } from '../../src/service/activity-deps.ts';
import { createActivityCalls, fakeChannel } from '../support/activity-calls.ts';
import { treatEveryCustomer } from '../support/bundles.ts';
import { startTestSystem, type TestSystem } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ files: treatEveryCustomer, worker: false, relay: false });
});
afterAll(() => system?.stop());

/** A survey answer makes its journey set a trait, so the decision has an event to publish. */
async function answered(userId: string): Promise<string> {
  await system.accept({
    name: 'Survey Answered',
    userId,
    properties: { survey_id: 'S1', kind: 'nps', score: 9 },
  });
  return system.findCustomerId(userId);
}

const activities = () =>
  createActivityCalls(
    system,
    fakeChannel(() => ({ state: 'sent', providerId: '' })),
  );

async function logged(customer: string): Promise<{ source: string; message_id: string; seq: number }[]> {
  return system.db.db.sql<{ source: string; message_id: string; seq: number }[]>`
    select source, message_id, seq from events where customer_id = ${customer} and source = 'journey:voice' order by seq`;
}
const waiting = async () => (await system.db.db.sql`select * from outbox`).length;

test('publishes a decision’s events once before it answers, and leaves the outbox empty', async () => {
  const customer = await answered('ada');
  await activities().decide(customer, null);
  expect(await logged(customer)).toHaveLength(1);
  expect(await waiting()).toBe(0);
  const [row] = await system.db.db
    .sql`select profile -> 'traits' -> 'nps' as nps from customers where id = ${customer}`;
  expect(row?.nps).toMatchObject({ value: 9, source: 'journey:voice' });
  const [wake] = await system.db.db
    .sql`select requested_seq > processed_seq as more from wakes where customer_id = ${customer}`;
  expect(wake?.more).toBe(true);
});

test('I1: a decision stands when publishing fails, and the relay publishes its events later, once', async () => {
  const customer = await answered('bert');
  const { sql } = system.db.db;
  await sql`alter table message_ids rename to message_ids_gone`;
  const answer = await activities().decide(customer, null);
  await sql`alter table message_ids_gone rename to message_ids`;
  expect(answer.kind).toBe('decided');
  expect(await logged(customer)).toEqual([]);
  expect(await waiting()).toBeGreaterThan(0);

  const deps = createActivityDeps(system.service, []);
  // The deciding process may be about to publish, so the relay leaves fresh rows alone for a moment.
  expect(await publishStaleOutbox(deps)).toBe(0);
  await sql`update outbox set at = at - interval '1 minute'`;
  // Two concurrent relays, and one that was killed between appending and deleting.
  const kept = await sql`select * from outbox`;
  await Promise.all([publishStaleOutbox(deps), publishStaleOutbox(deps)]);
  await sql`insert into outbox ${sql(kept.map((row) => ({ ...row, event: sql.json(row.event) })) as never)}`;
  await publishStaleOutbox(deps);
  expect(await logged(customer)).toHaveLength(1);
  expect(await waiting()).toBe(0);
});

test('a retried decision publishes its events once', async () => {
  const customer = await answered('cleo');
  await Promise.all([1, 1, 1].map((ordinal) => activities().decide(customer, ordinal)));
  expect(await logged(customer)).toHaveLength(1);
});
