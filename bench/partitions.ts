import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDatabase, type Sql } from '../db/client.ts';
import { viewCustomer } from '../db/customers/customer-snapshot.ts';
import { viewDecision, viewDecisions } from '../db/decisions/read-decisions.ts';
import { readFacts } from '../db/decisions/read-facts.ts';
import { appendEvents } from '../db/events/append-events.ts';
import { viewTimeline } from '../db/events/timeline.ts';
import { readUnprocessedEvents } from '../db/events/unprocessed-events.ts';
import { migrate } from '../db/migrate.ts';
import { createPartition } from '../db/partitions/create-partitions.ts';
import { addMonths, monthOf } from '../db/partitions/months.ts';
import { PARTITIONED } from '../db/partitions/tables.ts';
import { removeCluster, startPostgres } from '../src/dev/postgres/start.ts';
import { DAY, iso } from '../src/domain/time/time.ts';

/**
 * Measures the CPU time of Postgres for statements about one customer, with 1, 13 and 37 months of partitions:
 * `npm run bench:partitions`. Linux only, since it reads `/proc`. On a busy machine compare the columns, not the numbers.
 */

const CUSTOMERS = 1_500;
/** Events of a customer, over three years; all but the last one are processed. */
const EVENTS = 60;
const MONTHS = [1, 13, 37];
/** Linux counts CPU time for `/proc` in hundredths of a second. */
const TICK_MICROS = 10_000;

const dir = mkdtempSync(path.join(tmpdir(), 'throughline-partitions-'));
// Under root, Postgres runs as another user, who must be able to enter its folder below.
chmodSync(dir, 0o711);
const dataDir = path.join(dir, 'postgres');
const postgres = await startPostgres({ dataDir, fast: true, log: () => {}, env: {} });
try {
  const columns: Record<string, number>[] = [];
  for (const months of MONTHS) columns.push(await measure(months));
  console.log(`CPU of Postgres in microseconds, by months of partitions: ${MONTHS.join(', ')}`);
  for (const name of Object.keys(columns[0] ?? {}))
    console.log(`${name.padEnd(40)}${columns.map((column) => String(column[name]).padStart(8)).join('')}`);
} finally {
  await postgres.stop();
  removeCluster(dataDir);
  rmSync(dir, { recursive: true, force: true });
}

async function measure(months: number): Promise<Record<string, number>> {
  const url = new URL(postgres.url);
  const admin = openDatabase(url.href, { max: 1 });
  await admin.sql.unsafe(`create database months_${months}`);
  await admin.close();
  url.pathname = `/months_${months}`;
  await migrate(url.href);
  const db = openDatabase(url.href, { max: 1, name: 'bench' });
  try {
    for (let n = 1; n < months; n++)
      for (const { table, time } of PARTITIONED)
        await db.sql.begin((tx) => createPartition(tx, table, time, addMonths(monthOf(Date.now()), -n)));
    await fill(db.sql, months);
    return await measureStatements(db.sql);
  } finally {
    await db.close();
  }
}

/** The events and decisions of all customers, spread over the months. */
async function fill(sql: Sql, months: number): Promise<void> {
  const step = `interval '${Math.floor((months * 29 * 24) / EVENTS)} hours'`;
  for (const statement of [
    `insert into workspaces (id, config_version) values ('aroma', 1)`,
    `insert into customers (id, workspace, seq, profile)
     select 'cus_' || md5(c::text), 'aroma', ${EVENTS}, '{"orders":[],"counts":{}}' from generate_series(1, ${CUSTOMERS}) c`,
    `insert into wakes (customer_id, workspace, requested_seq, processed_seq)
     select id, 'aroma', ${EVENTS}, ${EVENTS - 1} from customers`,
    `insert into journeys (customer_id, workspace, epoch, ordinal, processed_seq)
     select id, 'aroma', 1, ${EVENTS - 1}, ${EVENTS - 1} from customers`,
    `insert into events (customer_id, seq, workspace, id, message_id, type, name, at, accepted_at, historical, source, body)
     select c.id, s, 'aroma', 'evt_' || c.id || s, 'm' || c.id || s, 'track', 'Product Viewed', t, t, false, 'shop',
       '{"properties":{"product_id":"espresso-machine"},"traits":{},"context":{"page":{"url":"https://shop.example/p"}}}'
     from customers c, generate_series(1, ${EVENTS}) s,
       lateral (select now() - (${EVENTS} - s) * ${step} - interval '1 minute' as t) t`,
    `insert into decisions (id, customer_id, workspace, epoch, ordinal, at, committed_at, from_seq, to_seq,
       bundle_version, outcome, changed, replayable, record)
     select 'dec_' || c.id || '_1_' || s, c.id, 'aroma', 1, s, (extract(epoch from t) * 1000)::bigint, t, s - 1, s, 1,
       'moved', false, false, ''
     from customers c, generate_series(1, ${EVENTS - 1}) s,
       lateral (select now() - (${EVENTS} - s) * ${step} as t) t`,
    'vacuum analyze',
  ])
    await sql.unsafe(statement);
}

async function measureStatements(sql: Sql): Promise<Record<string, number>> {
  const rows = await sql<{ id: string }[]>`select id from customers order by md5(id)`;
  const ids = rows.map(({ id }) => id);
  const [backend] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const results: Record<string, number> = {};
  const time = async (name: string, times: number, work: (id: string, n: number) => Promise<unknown>) => {
    const run = async (from: number, until: number) => {
      for (let n = from; n < until; n++) await work(ids[n % ids.length] as string, n);
    };
    // A plan is kept from the sixth time on.
    await run(0, 20);
    const before = readTicks(backend?.pid ?? 0);
    await run(20, 20 + times);
    results[name] = Math.round(((readTicks(backend?.pid ?? 0) - before) * TICK_MICROS) / times);
  };
  await time('facts of a decision', 3_000, (id) => sql.begin((tx) => readFacts(tx, factsQuery(id))));
  await time('unprocessed events of a customer', 2_000, (customerId) =>
    readUnprocessedEvents(sql, [{ customerId, processedSeq: EVENTS - 1 }], 50),
  );
  await time("a customer's view", 1_000, (id) => viewCustomer(sql, 'aroma', id));
  // Of ids that don't exist: all partitions are searched, and there is no record to decode.
  await time('a decision by its id', 1_000, (id) => viewDecision(sql, 'aroma', `dec_${id}`));
  await time('20 decisions of a customer', 1_000, (id) =>
    viewDecisions(sql, { customerIds: [`${id}_`], limit: 20, before: null }),
  );
  await time('a page of the timeline', 300, (id) =>
    viewTimeline(sql, { customerIds: [`${id}_`], limit: 50, before: null }),
  );
  await time('append an event', 2_000, (customerId, n) => appendEvents(sql, [buildEvent(customerId, n)]));
  return results;
}

function readTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

function factsQuery(customerId: string) {
  const now = Date.now();
  return {
    customerId,
    now,
    afterSeq: EVENTS - 1,
    limit: 200,
    since: now - 30 * DAY,
    effectIds: [],
    endingEvents: ['Order Completed', 'Ticket Opened'],
    dateJourneys: [],
    consentNames: ['marketing', '*', 'email'],
    silencedBy: { account: false, group: false },
    eventWindows: [{ name: 'Product Viewed', since: now - 30 * DAY, acceptedSince: now - 30 * DAY }],
    shared: [],
    coupons: true,
    budgets: [],
  };
}

function buildEvent(customerId: string, n: number) {
  const at = iso(Date.now());
  return {
    customerId: `${customerId}-new`,
    seq: n,
    workspace: 'aroma',
    id: `evt_new_${n}`,
    messageId: `new-${n}`,
    type: 'track' as const,
    name: 'Product Viewed',
    at,
    acceptedAt: at,
    historical: false,
    source: 'shop',
    body: { properties: {}, traits: {}, context: {} },
    origin: null,
  };
}
