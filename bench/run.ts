import process from 'node:process';
import { Client, Connection } from '@temporalio/client';
import { openDatabase } from '../db/client.ts';
import { createProgress } from '../src/cli/progress.ts';
import { PAYLOAD_CONVERTER } from '../src/temporal/connection.ts';
import { UserError } from '../src/user-error.ts';
import { readNumberOption } from '../test/support/number-option.ts';
import { startFloorLoops } from './floor/loop.ts';
import { createFlow } from './flow.ts';
import { describeMachine, readLoadAverage } from './machine.ts';
import { benchAccept } from './parts/accept.ts';
import { benchApply } from './parts/apply.ts';
import { benchConditions } from './parts/conditions.ts';
import { benchConsole } from './parts/console.ts';
import { benchHistory } from './parts/history.ts';
import { benchImport } from './parts/import.ts';
import { benchIsolation } from './parts/isolation.ts';
import { benchLatency, LATENCY_CUSTOMERS } from './parts/latency.ts';
import { benchMails } from './parts/mails.ts';
import { benchRealtime } from './parts/realtime.ts';
import { benchReports } from './parts/reports.ts';
import { benchSmtp } from './parts/smtp.ts';
import { benchSweep } from './parts/sweep.ts';
import { benchThroughput, SPACED_CUSTOMERS } from './parts/throughput.ts';
import { benchWebhooks } from './parts/webhooks.ts';
import { formatResults, type Result } from './result.ts';
import { type Servers, startServers, type TemporalStore } from './servers.ts';
import { runWithStops, type Stops } from './stops.ts';
import { startSystem } from './system.ts';

const LETTERS = ['a', 'b', 'c', 'd'];
const PARTS = [
  ...LETTERS,
  'apply',
  'conditions',
  'isolation',
  'mails',
  'realtime',
  'reports',
  'smtp',
  'sweep',
  'import',
  'webhooks',
  'console',
];
const BUSY = 0.25;

export interface BenchOptions {
  only?: string;
  /** Where Temporal keeps its state: `memory` (the default) or `postgres`. */
  temporalStore?: string;
  /** How many processes of each role decide in the parts b, c and d; by default one. */
  processes?: string;
}

/** What is measured: a deployment's servers and processes. */
interface Deployment {
  store: TemporalStore;
  processes: number;
}

/**
 * Measures throughput and latency, each against a floor that is measured in the same run, and prints one table. A missed
 * goal is a line of the table, not a failure. `only` names the parts to run, such as `bc` or `sweep`. The default is
 * `BENCH_ONLY`, or all parts.
 */
export async function runBench(options: BenchOptions = {}): Promise<void> {
  const { store, processes } = readDeployment(options);
  const only = partsOf(options.only ?? process.env.BENCH_ONLY);
  const busy = readLoadAverage();
  if (busy > BUSY)
    console.warn(`This machine is busy (load ${busy.toFixed(2)} per core): the ratios will be less exact.`);

  await runWithStops(async (stops) => {
    const began = Date.now();
    const { results, on } = await measure(new Set(only), { store, processes }, stops);
    const seconds = Math.round((Date.now() - began) / 1_000);
    console.log(
      `\n${formatResults(results)}\n\n${on}\n${new Date().toISOString().slice(0, 10)}, in ${seconds} s.`,
    );
  });
}

/** Parses `bc`, `sweep` or `apply,bc`. @throws UserError for an unknown part */
function partsOf(text: string | undefined): string[] {
  if (text === undefined) return PARTS;
  const only = text.split(',').flatMap((word) => (PARTS.includes(word) ? [word] : [...word]));
  const unknown = only.find((part) => !PARTS.includes(part));
  if (unknown === undefined && only.length > 0) return only;
  throw new UserError(`there is no part "${unknown ?? ''}": use ${PARTS.join(', ')}`);
}

function readDeployment({ temporalStore = 'memory', processes }: BenchOptions): Deployment {
  if (temporalStore !== 'memory' && temporalStore !== 'postgres')
    throw new UserError(`Temporal has no store "${temporalStore}": use memory or postgres`);
  return { store: temporalStore, processes: readNumberOption('--processes', processes) ?? 1 };
}

async function measure(
  only: Set<string>,
  deployment: Deployment,
  stops: Stops,
): Promise<{ results: Result[]; on: string }> {
  const progress = createProgress();
  const servers = await progress.step('Postgres, Temporal and a mailbox', () =>
    startServers(stops, deployment.store),
  );
  const db = openDatabase(servers.postgres.url, { name: 'bench', max: 1 });
  const on = await describeMachine(db.sql, `${servers.temporal.source}, in ${deployment.store}`);
  await db.close();
  const results: Result[] = [];
  /** Runs a part by itself, because its processes would influence the next parts. */
  const alone = async (
    name: string,
    what: string,
    part: (servers: Servers, own: Stops) => Promise<Result[]>,
  ) => {
    if (!only.has(name)) return;
    const own: Stops = [];
    stops.push(() => stopAll(own));
    results.push(...(await progress.step(`${name}: ${what}`, () => part(servers, own))));
    await stopAll(own);
  };
  await alone('a', 'events accepted', benchAccept);
  if (['b', 'c', 'd'].some((part) => only.has(part)))
    results.push(...(await measureFlow(only, servers, deployment.processes, stops)));
  await alone('apply', 'a large bundle', benchApply);
  await alone('conditions', 'conditions', benchConditions);
  await alone('isolation', 'mails beside a silent provider', benchIsolation);
  await alone('mails', 'mails', benchMails);
  await alone('realtime', 'real-time decisions', benchRealtime);
  await alone('reports', 'reports', benchReports);
  await alone('smtp', 'mails sent', benchSmtp);
  await alone('sweep', 'a sweep', benchSweep);
  await alone('import', 'a file', benchImport);
  await alone('webhooks', 'webhooks', benchWebhooks);
  await alone('console', 'pages of the console', benchConsole);
  return { results, on };
}

async function measureFlow(
  only: Set<string>,
  servers: Servers,
  processes: number,
  stops: Stops,
): Promise<Result[]> {
  const progress = createProgress();
  const connection = await Connection.connect({ address: servers.temporal.address });
  stops.push(() => connection.close());
  const client = new Client({ connection, dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER } });
  const { system, flow, loops } = await progress.step(
    'customers whose journeys run, and bare loops',
    async () => {
      const system = await startSystem(servers, 'flow', ['api', 'relay', 'worker'], stops, { processes });
      const flow = createFlow(system);
      stops.push(() => flow.sender.close());
      await flow.enterJourneys(only.has('b') ? SPACED_CUSTOMERS : only.has('c') ? LATENCY_CUSTOMERS : 1);
      const loops = await startFloorLoops(client, servers, stops);
      if (only.has('b')) await loops.start('normal', SPACED_CUSTOMERS);
      if (only.has('c')) await loops.start('local', LATENCY_CUSTOMERS);
      return { system, flow, loops };
    },
  );
  const results: Result[] = [];
  if (only.has('b'))
    results.push(...(await progress.step('b: events decided', () => benchThroughput(flow, loops))));
  if (only.has('c'))
    results.push(...(await progress.step('c: latency', () => benchLatency(system, flow, loops))));
  if (only.has('d'))
    results.push(...(await progress.step('d: history', () => benchHistory(system, flow, client))));
  return results;
}

async function stopAll(stops: Stops): Promise<void> {
  for (const undo of stops.splice(0).reverse()) await undo();
}
