import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { beginSweep } from '../../db/sweeps/sweeps.ts';
import { activateBundle } from '../../src/app/config/activate-bundle.ts';
import { createBundleCompiler } from '../../src/app/config/compiler/bundle-compiler.ts';
import type { BundleFile } from '../../src/definitions/source/bundle-file.ts';
import { emptyProfile } from '../../src/domain/customer/profile.ts';
import { PAYLOAD_CONVERTER } from '../../src/temporal/connection.ts';
import { createSweepClient } from '../../src/temporal/sweep-client.ts';
import type { Result } from '../result.ts';
import type { Servers } from '../servers.ts';
import type { Stops } from '../stops.ts';
import { type BenchSystem, startSystem, WORKSPACE } from '../system.ts';

const CUSTOMERS = 100_000;
/** One in this many customers is woken. */
const ONE_IN = 25;
const LIMIT_MS = 300_000;

/** A bundle of one journey, so that nothing else is measured. */
const FILES: BundleFile[] = [
  {
    path: 'workspace.yaml',
    text: `
id: ${WORKSPACE}
name: Swept
currency: EUR
timezone: Europe/Berlin
locales: [en]
sender: { name: Swept, email: hello@swept.example }
`,
  },
  { path: 'segments.yaml', text: `gold: "has(traits.tier) && traits.tier == 'gold'"\n` },
  {
    path: 'journeys/swept.yaml',
    text: `
id: swept
class: service
owner: care
enter: { schedule: "0 9 * * 1", where: gold }
exit: [{ after: 30d }]
steps: [{ id: rest, wait: { until: [{ after: 7d }] } }]
`,
  },
];

/** sweep: customers per second that a worker evaluates without a rate limit, and its memory meanwhile. */
export async function benchSweep(servers: Servers, stops: Stops): Promise<Result[]> {
  // With a large heap Node collects late. With a small one, growth means that objects are kept.
  const env = { SWEEP_RATE: '1000000', NODE_OPTIONS: '--max-old-space-size=256' };
  const system = await startSystem(servers, 'sweep', ['worker'], stops, { env });
  const version = await applySwept(system);
  await insertCustomers(system);
  const connection = await Connection.connect({ address: servers.temporal.address });
  stops.push(() => connection.close());
  const client = new Client({ connection, dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER } });
  const { id } = await beginSweep(system.db.sql, {
    workspace: WORKSPACE,
    kind: 'schedule',
    journey: 'swept',
    entry: 0,
    occurrence: '2026-11-23T08:00:00.000Z',
    version,
    done: false,
  });
  await createSweepClient(client, system.taskQueue).run({ workspace: WORKSPACE, sweepId: id });
  const watched = await watch(system, id);
  const at = (share: number) => watched.find((sample) => sample.share >= share) as Seen;
  // Measured from the first fifth on, when the worker has warmed up.
  const [early, late] = [at(0.2), at(1)];
  const perSecond = ((late.share - early.share) * CUSTOMERS) / ((late.at - early.at) / 1_000);
  const row = { part: 'sweep', floor: null, ratio: null };
  return [
    {
      ...row,
      measure: `customers evaluated, one in ${ONE_IN} woken`,
      ours: perSecond,
      unit: 'customers/s',
      goal: null,
    },
    {
      ...row,
      measure: "the worker's memory: at the end, after the first fifth",
      ours: late.megabytes,
      floor: early.megabytes,
      unit: 'MB',
      ratio: late.megabytes / early.megabytes,
      goal: { at: 'most', value: 1.2 },
    },
  ];
}

async function applySwept({ db }: BenchSystem): Promise<number> {
  const compiler = createBundleCompiler();
  const activation = await activateBundle({ db, compiler }, WORKSPACE, FILES);
  await compiler.close();
  if (!activation.ok) throw new Error(JSON.stringify(activation.errors));
  return activation.version;
}

async function insertCustomers({ db }: BenchSystem): Promise<void> {
  const trait = { value: 'tin', at: Date.now(), seq: 1, source: 'shop' };
  const profile = { ...emptyProfile(), traits: { tier: trait, city: { ...trait, value: 'Ulm' } } };
  const gold = { ...profile, traits: { ...profile.traits, tier: { ...trait, value: 'gold' } } };
  // Ten thousand per statement, because a statement may take eight seconds.
  for (let from = 0; from < CUSTOMERS; from += 10_000) {
    await db.sql`
      insert into customers (id, workspace, profile)
      select 'cus_' || lpad(n::text, 8, '0'), ${WORKSPACE},
        case when n % ${ONE_IN} = 0 then ${JSON.stringify(gold)}::text::jsonb else ${JSON.stringify(profile)}::text::jsonb end
      from generate_series(${from}::int, ${from + 9_999}::int) n`;
  }
}

/** A sample: the share of customers evaluated so far, and the worker's memory. */
interface Seen {
  at: number;
  share: number;
  megabytes: number;
}

/** Waits for the end of the sweep, and takes samples meanwhile. */
async function watch({ db, pids }: BenchSystem, sweepId: string): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const deadline = Date.now() + LIMIT_MS; Date.now() < deadline; await sleep(100)) {
    const [row] = await db.sql`select seen, done_at is not null as done from sweeps where id = ${sweepId}`;
    const share = Number(row?.seen) / CUSTOMERS;
    seen.push({ at: performance.now(), share, megabytes: residentOf(pids.worker ?? 0) });
    if (row?.done) return seen;
  }
  throw new Error(`the sweep did not end within ${LIMIT_MS / 1_000} s`);
}

/** Resident memory of a process, in MB. Linux only, like the rest of the bench's machine. */
function residentOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1_024;
}
