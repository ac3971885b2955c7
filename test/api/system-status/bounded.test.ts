import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookForChanges } from '../../../db/changes/look-for-changes.ts';
import type { Tx } from '../../../db/client.ts';
import {
  countUnknownDeliveries,
  listTroubledDeliveries,
  readChannelHealth,
} from '../../../db/deliveries/channel-health.ts';
import { readLag, readParked, readStandingDeliveries } from '../../../db/doctor/lag.ts';
import { countRejected } from '../../../db/events/count-rejected.ts';
import { viewLatestEvents } from '../../../db/events/latest-events.ts';
import { listRetryable, viewRejected } from '../../../db/events/read-rejected.ts';
import { listParkedCustomers } from '../../../db/journeys/parked-reasons.ts';
import {
  countOpenTasks,
  countParkedByWorkspace,
  readDueDeliveries,
  readLoopBacklogs,
  readOverdueJourneys,
  readWaitingCustomers,
} from '../../../db/maintenance/backlog.ts';
import { viewSweeps } from '../../../db/sweeps/view-sweeps.ts';
import { countQueues } from '../../../db/tasks/task-queues.ts';
import { leaseChecks, leaseWakes } from '../../../db/wakes/lease-wakes.ts';
import { countReadRows } from '../../support/count-read-rows.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const W = 'aroma';
/** Rows of one statement, which may not take for long. */
const PORTION = 20_000;

/** Analyzed once they are filled, so that plans are those of a table of this size. */
const FILLED = [
  'wakes',
  'journeys',
  'deliveries',
  'agent_tasks',
  'rejected',
  'sweeps',
  'events',
  'outbox',
  'report_changes',
];

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.db.sql`insert into workspaces (id, config_version) values (${W}, 1), ('other', 1)`;
  await fill(1, 20_000);
}, 120_000);
afterAll(() => database?.drop());

/**
 * Rows of an installation whose past grows: what has ended lies behind what is under way, and a workspace is troubled. All
 * customers have unprocessed events, and each third one is parked.
 */
async function fill(from: number, to: number): Promise<void> {
  for (let first = from; first <= to; first += PORTION)
    await fillPortion(first, Math.min(to, first + PORTION - 1));
  for (const table of FILLED) await database.db.sql.unsafe(`vacuum analyze ${table}`);
}

async function fillPortion(from: number, to: number): Promise<void> {
  const { sql } = database.db;
  const rows = (tx: Tx) => tx`generate_series(${from}::int, ${to}::int) n`;
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`;
    await tx`
      insert into wakes (customer_id, workspace, requested_seq, processed_seq, checks_requested, lease_until)
      select 'c' || n, ${W}, 1, 0, 1, case when n % 2 = 0 then clock_timestamp() - n * interval '1 second' end
      from ${rows(tx)}`;
    await tx`
      insert into journeys (customer_id, workspace, epoch, bundle_version, wake_at, state)
      select 'c' || n, ${W}, 1, 1, case when n <= 100 then 1 else extract(epoch from clock_timestamp()) * 1000 + n * 1000 end,
        case when n % 3 = 0 then '{"enrollments": [], "poison": {"reason": "too_large", "since": 5}}'
          else '{"enrollments": []}' end::jsonb
      from ${rows(tx)}`;
    await tx`
      insert into deliveries (id, customer_id, workspace, decision_id, enrollment_id, action, class, channel,
        bundle_version, state, at, not_after, entry, claimed_at, updated_at, error)
      select 'd' || n, 'c' || n, ${W}, 'd', 'e', 'tip', 'marketing', 'email', 1,
        case when n % 3 = 0 then 'unknown' else 'sent' end, n, n, '{}', t, t, case when n % 3 = 0 then 'no answer' end
      from ${rows(tx)}, lateral (select clock_timestamp() - interval '2 days' - n * interval '1 second' as t) ago`;
    await tx`
      insert into agent_tasks (id, customer_id, workspace, decision_id, enrollment_id, action, class, bundle_version, state,
        queue, at, acknowledge_by, resolve_by, definition, reasons, updated_at)
      select 't' || n, 'c' || n, ${W}, 'd', 'e', 'call', 'service', 1, case when n <= 50 then 'open' else 'resolved' end,
        'sales', n, n, n, '{}', '[]', clock_timestamp() - n * interval '1 hour'
      from ${rows(tx)}`;
    await tx`
      insert into rejected (id, workspace, at, source, code, reason, body, content, identities, received)
      select 'r' || lpad(n::text, 9, '0'), case when n % 2 = 0 then 'other' else ${W} end,
        clock_timestamp() - n * interval '1 second', case when n % 1000 = 1 and n < 20000 then 'rare' else 'web' end,
        'code ' || n % 5, 'reason', '{}', n::text, '{}', case when n < 20000 then '{}'::jsonb end
      from ${rows(tx)}`;
    await tx`
      insert into sweeps (id, workspace, kind, occurrence, version, started_at, done_at)
      select 's' || n, ${W}, 'hourly', n::text, 1, t, t
      from ${rows(tx)}, lateral (select clock_timestamp() - n * interval '1 minute' as t) ago where n % 10 = 0`;
    await tx`
      insert into events (customer_id, seq, workspace, id, message_id, type, name, at, accepted_at, historical, source, body)
      select 'c' || n, 1, ${W}, 'e' || n, 'm' || n, 'track', 'Page Viewed', t, t, false, 'web', '{}'
      from ${rows(tx)}, lateral (select clock_timestamp() - n * interval '1 minute' as t) ago`;
    await tx`insert into report_changes (workspace, customer_id) select ${W}, 'c' || n from ${rows(tx)}`;
    await tx`
      insert into outbox (workspace, message_id, customer_id, event, at)
      select ${W}, 'm' || n, 'c' || n, '{}', clock_timestamp() - n * interval '1 second' from ${rows(tx)}`;
  });
  for (const table of FILLED) await sql.unsafe(`vacuum analyze ${table}`);
}

const RECENT = { workspace: W, limit: 20, before: null };

/** What the operations page, the metrics and the streams ask, and how many rows each may read. */
const QUERIES: [name: string, most: number, query: (tx: Tx) => Promise<unknown>][] = [
  ['waiting customers', 50_000, readWaitingCustomers],
  ['overdue journeys', 1_000, readOverdueJourneys],
  ['lag', 120_000, readLag],
  ['standing deliveries', 100, readStandingDeliveries],
  ['due deliveries', 100, readDueDeliveries],
  ['backlogs of loops', 100, readLoopBacklogs],
  ['parked customers by reason', 45_000, (tx) => readParked(tx, W)],
  ['parked customers', 25_000, (tx) => listParkedCustomers(tx, W, 25)],
  ['parked customers by workspace', 25_000, countParkedByWorkspace],
  ['rejected events by reason', 25_000, (tx) => countRejected(tx, W)],
  ['rejected events', 100, (tx) => viewRejected(tx, { ...RECENT, code: null, source: null })],
  ['rejected events of a code', 100, (tx) => viewRejected(tx, { ...RECENT, code: 'code 1', source: null })],
  ['rejected events of a source', 100, (tx) => viewRejected(tx, { ...RECENT, code: null, source: 'rare' })],
  ['rejected events of both', 100, (tx) => viewRejected(tx, { ...RECENT, code: 'code 1', source: 'rare' })],
  [
    'rejected events to retry',
    25_000,
    (tx) => listRetryable(tx, { workspace: W, code: 'none', source: null, after: null, limit: 100 }),
  ],
  ['health of channels', 100, (tx) => readChannelHealth(tx, W)],
  ['troubled deliveries', 100, (tx) => listTroubledDeliveries(tx, W, 25)],
  ['unknown deliveries', 25_000, (tx) => countUnknownDeliveries(tx, W)],
  ['sweeps', 100, (tx) => viewSweeps(tx, W, 25)],
  ['queues of tasks', 200, (tx) => countQueues(tx, W, 1)],
  ['open tasks', 200, countOpenTasks],
  [
    'latest events',
    5_000,
    (tx) => viewLatestEvents(tx, { ...RECENT, name: null, source: null, customerIds: null }),
  ],
  [
    'changes, when nothing changes',
    100,
    (tx) =>
      lookForChanges(
        tx,
        ['c1'],
        (['events', 'tasks', 'rejected', 'deliveries'] as const).map((topic) => ({ workspace: W, topic })),
      ),
  ],
  ['wakes to lease', 5_000, (tx) => leaseWakes(tx, 200, 10)],
  ['checks to lease', 5_000, (tx) => leaseChecks(tx, 200, 10)],
];

describe('what is read of a large installation', () => {
  const small = new Map<string, number>();
  it('is measured', async () => {
    for (const [name, , query] of QUERIES) small.set(name, await countReadRows(database.db, query));
    await fill(20_001, Number(process.env.ROWS ?? 100_000));
  }, 120_000);

  it.each(QUERIES)('%s: at most %i rows, however many there are', async (name, most, query) => {
    const large = await countReadRows(database.db, query);
    if (process.env.SHOW) console.log(`| ${name} | ${small.get(name)} | ${large} |`);
    expect(large).toBeLessThanOrEqual(most);
  });
});
