import process from 'node:process';
import type { Database } from '../../db/client.ts';
import { createBundleCache } from '../../db/config/bundle-cache.ts';
import { createKey } from '../../src/app/api-keys/keys.ts';
import type { JobDeps } from '../../src/app/jobs/job.ts';
import { countReports } from '../../src/app/reports/count/count-reports.ts';
import { recompileBundle } from '../../src/definitions/compile/recompile.ts';
import { ORDERS, VIEWS, writeReportRows } from '../report-rows.ts';
import type { Result } from '../result.ts';
import type { Servers } from '../servers.ts';
import { percentile } from '../stats.ts';
import type { Stops } from '../stops.ts';
import { startSystem, WORKSPACE } from '../system.ts';

const CUSTOMERS = Number(process.env.BENCH_CUSTOMERS ?? 20_000);
const REQUESTS = 40;
const GOAL_MS = 300;

/** What is asked, and the cells that it reads. */
const QUERIES = [
  {
    path: 'reports/value',
    cells: ['members', 'bought.days', 'value', 'entries', 'spend', 'deliveries', 'tasks'],
  },
  {
    path: 'reports/experiments',
    cells: ['members', 'bought.days', 'value', 'entries', 'splits', 'variants'],
  },
  { path: 'reports/retention', cells: ['buyers', 'orders'] },
  { path: 'reports/journeys', cells: ['enrolled', 'ends', 'steps', 'stands', 'goals'] },
  { path: 'reports/deliveries', cells: ['deliveries', 'refusals', 'tasks'] },
  {
    path: 'reports/attribution',
    cells: [
      ...['members', 'credit.channel', 'direct.channel', 'reached', 'caused'],
      ...['chain.channel', 'chain1.channel', 'chain2.channel', 'chain3.channel'],
    ],
  },
  {
    path: 'reports/decisions',
    cells: ['outcomes', 'candidates', 'rules', 'reasons', 'policies', 'probabilities', 'amounts'],
  },
  { path: 'reports/funnel', cells: ['judged', 'reasons', 'sent'] },
  {
    path: 'reports/funnel?action=tip-grinder',
    cells: ['judged', 'candidates', 'repeated', 'blocked', 'sent'],
  },
  { path: 'journeys', cells: ['journeys'] },
  { path: 'journeys/tips', cells: ['journeys', 'positions', 'since'] },
];

/**
 * reports: customers per second that the job counts, and milliseconds of each report over HTTP, against a `select` of the
 * cells that it reads, in turns.
 */
export async function benchReports(servers: Servers, stops: Stops): Promise<Result[]> {
  const system = await startSystem(servers, 'reports', ['api'], stops);
  const { db } = system;
  await writeReportRows(db, WORKSPACE, CUSTOMERS);
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
  for (const { path, cells } of QUERIES) {
    const [ours, floor] = [[] as number[], [] as number[]];
    for (let n = 0; n < REQUESTS; n++) {
      ours.push(await time(() => ask(`${system.urls[0]}/v1/${path}`, key)));
      floor.push(await time(() => select(db, cells)));
    }
    for (const share of [0.5, 0.95])
      results.push({
        part: 'reports',
        measure: `${path}, p${share * 100}; goal for the milliseconds: ${GOAL_MS}`,
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
