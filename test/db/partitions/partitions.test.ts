import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Tx } from '../../../db/client.ts';
import { saveCustomers } from '../../../db/customers/save-customers.ts';
import { readFacts } from '../../../db/decisions/read-facts.ts';
import { appendEvents, type EventRow } from '../../../db/events/append-events.ts';
import { readUnprocessedEvents } from '../../../db/events/unprocessed-events.ts';
import { saveProgress } from '../../../db/journeys/save-progress.ts';
import { createPartition, createPartitions } from '../../../db/partitions/create-partitions.ts';
import { addMonths, monthOf, partitionName, startOf } from '../../../db/partitions/months.ts';
import { emptyProfile } from '../../../src/domain/customer/profile.ts';
import { toProgressView } from '../../../src/domain/protocol.ts';
import { emptyState } from '../../../src/domain/state.ts';
import { DAY, iso } from '../../../src/domain/time/time.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const CUSTOMER = 'cus_partitions';
const MONTH = monthOf(Date.now());
const THREE_MONTHS_AGO = startOf(addMonths(MONTH, -3)) + DAY;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  const { sql } = database.db;
  await sql`delete from events`;
  for (const table of ['customers', 'workspaces', 'journeys', 'wakes'])
    await sql.unsafe(`delete from ${table}`);
  await sql`insert into workspaces (id, config_version) values ('aroma', 1)`;
  await sql`insert into customers (id, workspace, profile) values (${CUSTOMER}, 'aroma', '{}')`;
  await sql`insert into journeys (customer_id, workspace, epoch) values (${CUSTOMER}, 'aroma', 1)`;
});

const event = (seq: number, acceptedAt: number, name = 'Product Viewed'): EventRow => ({
  customerId: CUSTOMER,
  seq,
  workspace: 'aroma',
  id: `evt_${seq}`,
  messageId: `m-${seq}`,
  type: 'track',
  name,
  at: iso(acceptedAt),
  acceptedAt: iso(acceptedAt),
  historical: false,
  source: 'shop',
  body: { properties: {}, traits: {}, context: {} },
  origin: null,
});

async function append(...rows: EventRow[]): Promise<void> {
  await appendEvents(database.db.sql, rows);
  const last = Math.max(...rows.map(({ seq }) => seq));
  await database.db.sql`update customers set seq = ${last} where id = ${CUSTOMER}`;
}

const facts = (tx: Tx, more = {}) =>
  readFacts(tx, {
    customerId: CUSTOMER,
    now: Date.now(),
    afterSeq: 0,
    limit: 200,
    since: 0,
    effectIds: [],
    endingEvents: ['Order Completed'],
    dateJourneys: [],
    consentNames: null,
    silencedBy: { account: false, group: false },
    eventWindows: [],
    shared: [],
    coupons: false,
    budgets: [],
    ...more,
  });

const partitionsOf = async (where = '') =>
  (await database.db.sql.unsafe(`select distinct tableoid::regclass::text as name from events ${where}`)).map(
    (row) => row.name,
  );

describe('creating partitions', () => {
  test('this month and the next two have one; a second call, or many at once, create nothing more', async () => {
    const { sql } = database.db;
    await sql.unsafe(`drop table ${partitionName('events', addMonths(MONTH, 1))}`);
    const created = (await Promise.all([1, 2, 3].map(() => createPartitions(sql)))).flat();
    expect(created).toEqual([partitionName('events', addMonths(MONTH, 1))]);
    expect(await createPartitions(sql)).toEqual([]);
  });

  test('without a partition an event is accepted into the default one, and moves when its month gets one', async () => {
    const { sql } = database.db;
    await sql.unsafe(`drop table ${partitionName('events', MONTH)}`);
    await append(event(1, Date.now()), event(2, THREE_MONTHS_AGO));
    expect(await partitionsOf()).toEqual(['events_default']);
    await createPartitions(sql);
    expect(await partitionsOf('where seq = 1')).toEqual([partitionName('events', MONTH)]);
    expect(await partitionsOf('where seq = 2')).toEqual(['events_default']);
  });
});

describe('reading partitions', () => {
  beforeAll(async () => {
    for (let n = 1; n <= 24; n++)
      await database.db.sql.begin((tx) => createPartition(tx, 'events', 'accepted_at', addMonths(MONTH, -n)));
  });

  /** The partitions of the log that Postgres opens for the work: it locks each. */
  async function listTouched(work: (tx: Tx) => Promise<unknown>): Promise<string[]> {
    const rows = await database.db.sql.begin(async (tx) => {
      await work(tx);
      return tx<{ name: string }[]>`
        select distinct c.relname as name from pg_locks l join pg_class c on c.oid = l.relation
        where l.pid = pg_backend_pid() and c.relkind = 'r' and c.relname like 'events\\_%'`;
    });
    return rows.map(({ name }) => name);
  }

  test('a decision and the relay open at most two partitions of 27, also by a plan that is kept', async () => {
    await append(event(1, Date.now()));
    const wakes = [{ customerId: CUSTOMER, processedSeq: 0 }];
    for (let n = 0; n < 10; n++) {
      expect((await listTouched((tx) => facts(tx))).length).toBeLessThanOrEqual(2);
      expect((await listTouched((tx) => readUnprocessedEvents(tx, wakes, 50))).length).toBeLessThanOrEqual(2);
    }
    expect((await listTouched((tx) => tx`select 1 from events where seq = 1`)).length).toBeGreaterThan(24);
  });

  test('unprocessed events are found however old they are', async () => {
    await append(event(1, THREE_MONTHS_AGO), event(2, Date.now()));
    expect((await facts(database.db.sql))?.events.map(({ seq }) => seq)).toEqual([1, 2]);
    const wakes = [{ customerId: CUSTOMER, processedSeq: 0 }];
    await database.db.sql`delete from events where seq = 2`;
    expect(await readUnprocessedEvents(database.db.sql, wakes, 50)).toMatchObject([{ seq: 1 }]);
  });

  test('an older event behind a newer one is found: a merge moves events to the end', async () => {
    await append(event(1, Date.now()), event(2, THREE_MONTHS_AGO));
    expect((await facts(database.db.sql))?.events.map(({ seq }) => seq)).toEqual([1]);
    expect((await facts(database.db.sql, { afterSeq: 1 }))?.events.map(({ seq }) => seq)).toEqual([2]);
  });

  test('an event that ends journeys is found if it was accepted long before, and happened after the new one', async () => {
    await append(event(1, THREE_MONTHS_AGO, 'Order Completed'), {
      ...event(2, Date.now()),
      at: iso(THREE_MONTHS_AGO - DAY),
    });
    expect((await facts(database.db.sql, { afterSeq: 1 }))?.endingEvents.map(({ seq }) => seq)).toEqual([1]);
  });
});

describe('what no key of a partitioned table can guarantee', () => {
  test('a sequence number is used once: the end of a log that has moved on is not written', async () => {
    const row = {
      id: CUSTOMER,
      before: 0,
      seq: 1,
      profile: emptyProfile(),
      email: null,
      paused: null,
      accountId: null,
      personKey: null,
    };
    const accept = () =>
      database.db.sql.begin(async (tx) => {
        await appendEvents(tx, [event(1, Date.now())]);
        await saveCustomers(tx, [row]);
      });
    const outcomes = await Promise.allSettled([accept(), accept()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await database.db.sql`select seq from events`).toHaveLength(1);
  });

  test('an ordinal is decided once', async () => {
    const owner = { customerId: CUSTOMER, workspace: 'aroma' };
    const state = emptyState();
    const answer = { ordinal: 1, processedSeq: 1, state: toProgressView(state), effects: [], wakeAt: null };
    const progress = {
      ...owner,
      ...{ ordinal: 1, processedSeq: 1, state, bundleVersion: 1, lastNow: 0, wakeAt: null },
      answer: { kind: 'decided' as const, ...answer },
    };
    const mark = { ...owner, processedSeq: 1, checksDone: 0, holdBack: false, parkedForMs: null };
    const decide = () => database.db.sql.begin((tx) => saveProgress(tx, progress, mark));
    const outcomes = await Promise.allSettled([decide(), decide()]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});
