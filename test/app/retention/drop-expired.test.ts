import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../../db/client.ts';
import { createPartition } from '../../../db/partitions/create-partitions.ts';
import { listMonths } from '../../../db/partitions/list-partitions.ts';
import { addMonths, monthOf, startOf } from '../../../db/partitions/months.ts';
import { PARTITIONED } from '../../../db/partitions/tables.ts';
import { dropExpired, type RetentionStep } from '../../../src/app/retention/drop-expired.ts';
import { DAY, iso } from '../../../src/domain/time/time.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { spawnChild } from '../../support/spawn-child.ts';

const KEEP_DAYS = 100;
const RETENTION = { events: KEEP_DAYS * DAY, decisions: KEEP_DAYS * DAY, sent_messages: null };
const NOW = monthOf(Date.now());
/** Months of whose partitions all rows are expired. */
const OLD = [-8, -7, -6].map((n) => addMonths(NOW, n));
const LONG_AGO = startOf(OLD[1] as string) + 3 * DAY;

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
  await db.sql`insert into workspaces (id, config_version) values ('aroma', 1)`;
});
afterAll(() => database.drop());

async function createOld(): Promise<void> {
  for (const { table, time } of PARTITIONED)
    for (const month of OLD) await db.sql.begin((tx) => createPartition(tx, table, time, month));
}

async function retain(retention = RETENTION): Promise<RetentionStep[]> {
  const steps: RetentionStep[] = [];
  while (await dropExpired(db.administration, retention, (step) => steps.push(step)));
  return steps;
}

/** A customer with one processed event and one decision of long ago. */
async function addCustomer(id: string, { processed = 1 } = {}): Promise<void> {
  const { sql } = db;
  const at = iso(LONG_AGO);
  await sql`insert into customers (id, workspace, seq, profile) values (${id}, 'aroma', 1, '{}')`;
  await sql`
    insert into wakes (customer_id, workspace, requested_seq, processed_seq) values (${id}, 'aroma', 1, ${processed})`;
  await sql`
    insert into journeys (customer_id, workspace, epoch, processed_seq, state)
    values (${id}, 'aroma', 1, ${processed}, '{"enrollments":[]}')`;
  await sql`
    insert into events (customer_id, seq, workspace, id, message_id, type, name, at, accepted_at, historical, source, body)
    values (${id}, 1, 'aroma', ${`evt_${id}`}, ${`m-${id}`}, 'track', 'Seen', ${at}, ${at}, false, 'shop', '{}')`;
  await sql`
    insert into decisions (id, customer_id, workspace, epoch, ordinal, at, committed_at, from_seq, to_seq, bundle_version,
      outcome, changed, replayable, record)
    values (${`dec_${id}`}, ${id}, 'aroma', 1, 1, ${LONG_AGO}, ${at}, 0, 1, 1, 'moved', true, false, '')`;
}

const keptOf = async (table: string, id: string) =>
  (
    await db.sql`select tableoid::regclass::text as partition from ${db.sql(table)} where customer_id = ${id}`
  ).map((row) => row.partition);

const enroll = (id: string, ended: number | null) => db.sql`
  insert into enrollments (id, customer_id, workspace, journey, version, arm, entered_at, ended_at)
  values (${`enr_${id}`}, ${id}, 'aroma', 'tips', 1, 'treated', 0, ${ended})`;

const reward = (id: string, state: string) => db.sql`
  insert into rewards (id, workspace, customer_id, decision_id, arm, action, enrollment_id, bundle_version, feature_schema,
    features, propensity, at, within, due_at, state)
  values (${`${id}/0`}, 'aroma', ${id}, ${`dec_${id}`}, 'a', 'a', 'e', 1, 'f', '[]', 0.5, ${LONG_AGO - DAY}, 1, 1, ${state})`;

const delivery = (id: string, state: string) => db.sql`
  insert into deliveries (id, customer_id, workspace, decision_id, enrollment_id, action, class, channel, bundle_version,
    state, at, not_after, entry)
  values (${`dlv_${id}`}, ${id}, 'aroma', ${`dec_${id}`}, 'e', 'a', 'marketing', 'email', 1, ${state}, 0, 0, '{}')`;

const task = (id: string, state: string) => db.sql`
  insert into agent_tasks (id, customer_id, workspace, decision_id, enrollment_id, action, class, bundle_version, state,
    queue, at, acknowledge_by, resolve_by, definition, reasons)
  values (${`tsk_${id}`}, ${id}, 'aroma', ${`dec_${id}`}, 'e', 'a', 'service', 1, ${state}, 'q', 0, 0, 0, '{}', '[]')`;

const coupon = (id: string, state: string) => db.sql`
  insert into coupons (id, workspace, code, customer_id, action, once, decision_id, enrollment_id, percent, state, issued_at,
    expires_at)
  values (${`cpn_${id}`}, 'aroma', ${id}, ${id}, 'a', ${id}, ${`dec_${id}`}, 'e', 5, ${state}, 0, 0)`;

const erasure = (id: string, done: string | null) => db.sql`
  insert into erasures (customer_id, workspace, actor, identities, accounts, done_at)
  values (${id}, 'aroma', 'kim', '{}', '{}', ${done})`;

const CASES: [
  name: string,
  kept: { events: boolean; decisions: boolean },
  arrange: (id: string) => Promise<unknown>,
][] = [
  ['nothing', { events: false, decisions: false }, async () => {}],
  [
    'an unprocessed event',
    { events: true, decisions: false },
    (id) =>
      db.sql`update wakes set processed_seq = 0 where customer_id = ${id}`.then(
        () => db.sql`update journeys set processed_seq = 0 where customer_id = ${id}`,
      ),
  ],
  [
    'an open enrollment',
    { events: true, decisions: true },
    async (id) => {
      await enroll(id, null);
      const state = { enrollments: [{ entry: { id: `evt_${id}` } }] };
      await db.sql`update journeys set state = ${JSON.stringify(state)}::text::jsonb where customer_id = ${id}`;
    },
  ],
  ['an ended enrollment', { events: false, decisions: false }, (id) => enroll(id, 5)],
  ['an open reward', { events: true, decisions: true }, (id) => reward(id, 'open')],
  ['a closed reward', { events: false, decisions: false }, (id) => reward(id, 'counted')],
  ['a held delivery', { events: false, decisions: true }, (id) => delivery(id, 'held')],
  ['a sent delivery', { events: false, decisions: false }, (id) => delivery(id, 'sent')],
  ['an open task', { events: false, decisions: true }, (id) => task(id, 'open')],
  ['a resolved task', { events: false, decisions: false }, (id) => task(id, 'resolved')],
  ['an issued coupon', { events: false, decisions: true }, (id) => coupon(id, 'issued')],
  ['a redeemed coupon', { events: false, decisions: false }, (id) => coupon(id, 'redeemed')],
  ['a running erasure', { events: true, decisions: true }, (id) => erasure(id, null)],
  ['a completed erasure', { events: false, decisions: false }, (id) => erasure(id, '2026-01-01')],
  [
    'a copy of an account’s event',
    { events: true, decisions: false },
    (id) =>
      db.sql`update events set source = 'account', body = ${JSON.stringify({ context: { account: { from: id } } })}::text::jsonb
        where customer_id = ${id}`,
  ],
];

describe('what is kept beyond its month', () => {
  const idOf = (name: string) => `cus_${name.replaceAll(/[^a-z]/g, '_')}`;
  beforeAll(async () => {
    await createOld();
    for (const [name, , arrange] of CASES) {
      await addCustomer(idOf(name));
      await arrange(idOf(name));
    }
    await retain();
  });

  test.each(CASES)('%s', async (name, kept) => {
    expect(await keptOf('events', idOf(name))).toEqual(kept.events ? ['events_kept'] : []);
    expect(await keptOf('decisions', idOf(name))).toEqual(kept.decisions ? ['decisions_kept'] : []);
  });

  test('the months are gone, and it is recorded since when rows are kept', async () => {
    expect(await listMonths(db.sql, 'events')).toEqual([0, 1, 2].map((n) => addMonths(NOW, n)));
    const rows =
      await db.sql`select name, kept_since = ${`${addMonths(NOW, -5)}-01`} as since from retention order by 1`;
    expect(rows).toEqual([
      { name: 'decisions', since: true },
      { name: 'events', since: true },
    ]);
  });

  test('goes when it is not needed any more', async () => {
    const id = idOf('an issued coupon');
    await db.sql`update coupons set state = 'expired' where customer_id = ${id}`;
    await retain();
    expect(await keptOf('decisions', id)).toEqual(['decisions_kept']);
    // Kept rows are looked at once a day.
    await db.sql`update retention set checked_at = checked_at - interval '25 hours'`;
    await retain();
    expect(await keptOf('decisions', id)).toEqual([]);
    expect(await keptOf('decisions', idOf('an open task'))).toEqual(['decisions_kept']);
  });
});

test('rows that never had a partition are deleted, too', async () => {
  await addCustomer('cus_stray');
  await addCustomer('cus_waiting', { processed: 0 });
  expect(await keptOf('events', 'cus_stray')).toEqual(['events_default']);
  await retain();
  expect(await keptOf('events', 'cus_stray')).toEqual([]);
  expect(await keptOf('events', 'cus_waiting')).toEqual(['events_kept']);
});

test('nothing is dropped without a limit, nor what conditions of the active bundle count', async () => {
  await createOld();
  await retain({ events: null, decisions: null, sent_messages: null } as never);
  expect(await listMonths(db.sql, 'events')).toEqual(expect.arrayContaining(OLD));
  await db.sql`
    insert into bundles (workspace, version, hash, files, compiled, activated_at)
    values ('aroma', 1, 'h', '[]', '{"interest":{"windows":{"Seen":400}},"workspace":{}}', now())`;
  await retain();
  expect(await listMonths(db.sql, 'events')).toEqual(expect.arrayContaining(OLD));
  expect(await listMonths(db.sql, 'decisions')).not.toContain(OLD[0]);
  await db.sql`update bundles set compiled = '{"interest":{"windows":{}},"workspace":{}}'`;
  await retain();
  expect(await listMonths(db.sql, 'events')).not.toContain(OLD[0]);
});

test('a table that is in use delays others for a tenth of a second at a time, and is tried again', async () => {
  await createOld();
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  const reading = db.sql.begin(async (tx) => {
    await tx`select 1 from events limit 1`;
    await promise;
  });
  const dropping = retain();
  let longest = 0;
  for (let n = 0; n < 60; n++) {
    const began = Date.now();
    await db.sql`select 1 from events where customer_id = 'cus_nobody'`;
    longest = Math.max(longest, Date.now() - began);
    await new Promise((done) => setTimeout(done, 50));
  }
  expect(longest).toBeLessThan(1_500);
  resolve();
  await reading;
  await dropping;
  expect(await listMonths(db.sql, 'events')).not.toContain(OLD[0]);
}, 30_000);

test('killed at any moment, with three at work: no needed row is lost, and the next one completes the drop', async () => {
  await createOld();
  const { sql } = db;
  await sql`
    insert into customers (id, workspace, seq, profile)
    select 'cus_kill_' || n, 'aroma', 1, '{}' from generate_series(1, 9000) n`;
  // Each third customer has not processed the event.
  await sql`
    insert into wakes (customer_id, workspace, requested_seq, processed_seq)
    select 'cus_kill_' || n, 'aroma', 1, case when n % 3 = 0 then 0 else 1 end from generate_series(1, 9000) n`;
  await sql`
    insert into events (customer_id, seq, workspace, id, message_id, type, name, at, accepted_at, historical, source, body)
    select 'cus_kill_' || n, 1, 'aroma', 'evt_k' || n, 'k' || n, 'track', 'Seen', at, at, false, 'shop', '{}'
    from generate_series(1, 9000) n,
      lateral (select ${iso(LONG_AGO)}::timestamptz + ((n % 3) - 1) * interval '31 days' as at) t`;
  const env = { DATABASE_URL: database.url, KEEP_DAYS: String(KEEP_DAYS) };
  for (let round = 0; round < 4; round++) {
    const children = [1, 2, 3].map(() => spawnChild('test/app/retention/drop-child.ts', env));
    await new Promise((done) => setTimeout(done, 900 + 150 * round));
    await Promise.all(children.map((child) => child.kill()));
    const [{ unprocessed } = { unprocessed: 0 }] = await sql`
      select count(*) as unprocessed from events e join wakes w using (customer_id)
      where e.customer_id like 'cus_kill_%' and w.processed_seq = 0`;
    expect(unprocessed).toBe(3000);
  }
  await retain();
  const left = await sql`
    select tableoid::regclass::text as partition, count(*) as n from events where customer_id like 'cus_kill_%' group by 1`;
  expect(left).toEqual([{ partition: 'events_kept', n: 3000 }]);
}, 60_000);
