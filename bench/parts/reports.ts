import process from 'node:process';
import type { Database } from '../../db/client.ts';
import { createBundleCache } from '../../db/config/bundle-cache.ts';
import { createKey } from '../../src/app/api-keys/keys.ts';
import type { JobDeps } from '../../src/app/jobs/job.ts';
import { countReports } from '../../src/app/reports/count/count-reports.ts';
import { recompileBundle } from '../../src/definitions/compile/recompile.ts';
import type { Result } from '../result.ts';
import type { Servers } from '../servers.ts';
import { percentile } from '../stats.ts';
import type { Stops } from '../stops.ts';
import { startSystem, WORKSPACE } from '../system.ts';

const CUSTOMERS = Number(process.env.BENCH_CUSTOMERS ?? 20_000);
/** Events per customer: sixteen page views and four orders in a year, of which one in ten is refunded. */
const VIEWS = 16;
const ORDERS = 4;
/** Rows of one statement. */
const CHUNK = 20_000;
const REQUESTS = 40;
const GOAL_MS = 300;

const REPORTS = [
  { path: 'value', cells: ['members', 'bought.days', 'value', 'entries', 'spend', 'deliveries', 'tasks'] },
  { path: 'experiments', cells: ['members', 'bought.days', 'value', 'entries', 'splits', 'variants'] },
  { path: 'retention', cells: ['buyers', 'orders'] },
  { path: 'journeys', cells: ['enrolled', 'ends', 'steps', 'stands', 'goals'] },
  { path: 'deliveries', cells: ['deliveries', 'refusals', 'tasks'] },
  {
    path: 'attribution',
    cells: [
      ...['members', 'credit.channel', 'direct.channel', 'reached', 'caused'],
      ...['chain.channel', 'chain1.channel', 'chain2.channel', 'chain3.channel'],
    ],
  },
  { path: 'decisions', cells: ['outcomes', 'candidates', 'rules', 'reasons', 'policies'] },
];

/**
 * reports: customers per second that the job counts, and milliseconds of each report over HTTP, against a `select` of the
 * cells that it reads, in turns.
 */
export async function benchReports(servers: Servers, stops: Stops): Promise<Result[]> {
  const system = await startSystem(servers, 'reports', ['api'], stops);
  const { db } = system;
  await generate(db);
  const began = performance.now();
  await countAll(db);
  const seconds = (performance.now() - began) / 1_000;
  const events = CUSTOMERS * (VIEWS + ORDERS);
  const what = `${CUSTOMERS.toLocaleString('en')} customers with ${events.toLocaleString('en')} events counted`;
  const results: Result[] = [
    {
      part: 'reports',
      measure: what,
      ours: events / seconds,
      floor: null,
      unit: 'events/s',
      ratio: null,
      goal: null,
    },
  ];
  const key = await createKey(db, { workspace: WORKSPACE, kind: 'api', scopes: ['read'], label: 'bench' });
  for (const report of REPORTS) {
    const [ours, floor] = [[] as number[], [] as number[]];
    for (let n = 0; n < REQUESTS; n++) {
      ours.push(await time(() => ask(`${system.urls[0]}/v1/reports/${report.path}`, key)));
      floor.push(await time(() => select(db, report.cells)));
    }
    for (const share of [0.5, 0.95])
      results.push({
        part: 'reports',
        measure: `${report.path}, p${share * 100}; goal for the milliseconds: ${GOAL_MS}`,
        ours: percentile(ours, share),
        floor: percentile(floor, share),
        unit: 'ms',
        ratio: percentile(ours, share) / percentile(floor, share),
        goal: null,
      });
  }
  return results;
}

async function ask(url: string, key: string): Promise<void> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${text}`);
}

async function select(db: Database, reports: string[]): Promise<void> {
  await db.sql`
    select report, period, key, sums::float8[] from report_cells
    where workspace = ${WORKSPACE} and report = any(${reports})
      and (period in ('', '90d') or period >= to_char(now() at time zone 'UTC' - interval '89 days', 'YYYY-MM-DD')
        and length(period) = 10)`;
}

async function time(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function countAll(db: Database): Promise<void> {
  const bundles = createBundleCache((_, ...bundle) => recompileBundle(...bundle));
  const deps = { db, bundles } as unknown as JobDeps;
  while ((await countReports(deps, { workspace: WORKSPACE, now: Date.now() })).more);
}

/** A year of customers, the same in each run: who did what follows from numbers. Triggers are off, as in a restore. */
async function generate(db: Database): Promise<void> {
  for (let from = 0; from < CUSTOMERS; from += CHUNK) {
    const to = Math.min(from + CHUNK, CUSTOMERS) - 1;
    await db.administration.begin(async (tx) => {
      await tx`set local session_replication_role = replica`;
      await tx`
        insert into customers (id, workspace, seq, profile, created_at)
        select 'cus_' || lpad(n::text, 9, '0'), ${WORKSPACE}, ${VIEWS + ORDERS},
          jsonb_build_object('orderCount', ${ORDERS}::int, 'counts', '{}'::jsonb, 'orders', (
            select jsonb_agg(jsonb_build_object('status', 'paid', 'at',
              (extract(epoch from now()) * 1000)::bigint - ((n * 7 + k * 83) % 365) * 86400000::bigint))
            from generate_series(1, ${ORDERS}::int) k)),
          now() - ((n * 13) % 365) * interval '1 day'
        from generate_series(${from}::int, ${to}::int) n`;
      await tx`
        insert into events (customer_id, seq, workspace, id, message_id, type, name, at, accepted_at, historical, source, body)
        select 'cus_' || lpad(n::text, 9, '0'), k, ${WORKSPACE}, 'evt_' || n || '_' || k, 'evt_' || n || '_' || k, 'track',
          case when k <= ${VIEWS} then 'Page Viewed' else 'Order Completed' end,
          now() - ((n * 7 + k * 83) % 365) * interval '1 day', now() - interval '1 hour', false, 'server',
          jsonb_build_object('traits', '{}'::jsonb, 'context', '{}'::jsonb, 'properties',
            case when k <= ${VIEWS} then jsonb_build_object('path', '/' || k)
              else jsonb_build_object('order_id', 'o' || n || '-' || k, 'total', (n * k) % 300 + 5) end)
        from generate_series(${from}::int, ${to}::int) n cross join generate_series(1, ${VIEWS + ORDERS}::int) k`;
      await tx`
        insert into enrollments (id, customer_id, workspace, journey, version, arm, entered_at, goal_at, ended_at, reason)
        select 'enr_' || n, 'cus_' || lpad(n::text, 9, '0'), ${WORKSPACE}, 'tips', 1,
          case when n % 10 = 0 then 'control' else 'treated' end,
          (extract(epoch from now()) * 1000)::bigint - ((n * 11) % 365) * 86400000::bigint,
          case when n % 3 = 0 then (extract(epoch from now()) * 1000)::bigint end, null, null
        from generate_series(${from}::int, ${to}::int) n`;
      await tx`
        insert into deliveries (id, customer_id, workspace, decision_id, enrollment_id, action, class, channel,
          bundle_version, state, at, not_after, entry, cost)
        select 'dlv_' || n, 'cus_' || lpad(n::text, 9, '0'), ${WORKSPACE}, 'dec_' || n, 'enr_' || n, 'tip', 'marketing',
          'email', 1, 'sent', (extract(epoch from now()) * 1000)::bigint - ((n * 11) % 365) * 86400000::bigint, 0, '{}', 1
        from generate_series(${from}::int, ${to}::int) n where n % 10 <> 0`;
    });
  }
  await db.administration`analyze`;
}
