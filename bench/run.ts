import process from 'node:process';
import { Client, Connection } from '@temporalio/client';
import { openDatabase } from '../db/client.ts';
import { createProgress } from '../src/cli/progress.ts';
import { PAYLOAD_CONVERTER } from '../src/temporal/connection.ts';
import { UserError } from '../src/user-error.ts';
import { startBareLoops } from './bare-loop.ts';
import { createFlow } from './flow.ts';
import { startHouse } from './house.ts';
import { loadBefore, machine } from './machine.ts';
import { benchAccept } from './parts/accept.ts';
import { benchHistory } from './parts/history.ts';
import { benchLatency, LATENCY_CUSTOMERS } from './parts/latency.ts';
import { benchThroughput, SPACED_CUSTOMERS } from './parts/throughput.ts';
import { type Result, table } from './result.ts';
import { type Servers, type Stops, startServers } from './servers.ts';

const PARTS = ['a', 'b', 'c', 'd'];
const BUSY = 0.25;

/**
 * Measures throughput and latency, each against a floor that is measured in the same run, and prints one table. A
 * goal that is missed is a line of the table, not a failure. `only` names the parts to run, such as `a` or `bc`;
 * by default `BENCH_ONLY`, else all.
 */
export async function runBench(options: { only?: string } = {}): Promise<void> {
  const only = [...(options.only ?? process.env.BENCH_ONLY ?? PARTS.join(''))];
  const unknown = only.find((part) => !PARTS.includes(part));
  if (unknown || only.length === 0)
    throw new UserError(`there is no part "${unknown ?? ''}": use ${PARTS.join(', ')}`);
  const busy = loadBefore();
  if (busy > BUSY)
    console.warn(`This machine is busy (load ${busy.toFixed(2)} per core): the ratios will be rougher.`);

  const stops: Stops = [];
  let interrupted = false;
  const stop = async () => {
    // What can't be stopped must not keep the others running.
    for (const undo of stops.splice(0).reverse())
      await (async () => undo())().catch((error) => console.error(`  not stopped: ${error}`));
  };
  const interrupt = () => {
    if (interrupted) return;
    interrupted = true;
    void stop().finally(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  try {
    const began = Date.now();
    const { results, on } = await measure(new Set(only), stops);
    const seconds = Math.round((Date.now() - began) / 1_000);
    console.log(`\n${table(results)}\n\n${on}\n${new Date().toISOString().slice(0, 10)}, in ${seconds} s.`);
  } catch (error) {
    // What was stopped under the measurement fails, and that is no news.
    if (!interrupted) throw error;
  } finally {
    if (!interrupted) await stop();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
  }
}

async function measure(only: Set<string>, stops: Stops): Promise<{ results: Result[]; on: string }> {
  const progress = createProgress();
  const servers = await progress.step('Postgres, Temporal and a mailbox', () => startServers(stops));
  const db = openDatabase(servers.postgres.url, { name: 'bench', max: 1 });
  const on = await machine(db.sql, servers.temporal.source);
  await db.close();
  const results: Result[] = [];
  if (only.has('a')) {
    // Its processes would take part in what follows.
    const own: Stops = [];
    stops.push(() => stopAll(own));
    results.push(...(await progress.step('a: events accepted', () => benchAccept(servers, own))));
    await stopAll(own);
  }
  if (['b', 'c', 'd'].some((part) => only.has(part)))
    results.push(...(await measureFlow(only, servers, stops)));
  return { results, on };
}

async function measureFlow(only: Set<string>, servers: Servers, stops: Stops): Promise<Result[]> {
  const progress = createProgress();
  const connection = await Connection.connect({ address: servers.temporal.address });
  stops.push(() => connection.close());
  const client = new Client({ connection, dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER } });
  const { house, flow, loops } = await progress.step(
    'customers whose journeys run, and bare loops',
    async () => {
      const house = await startHouse(servers, 'flow', ['api', 'relay', 'worker'], stops);
      const flow = createFlow(house);
      stops.push(() => flow.sender.close());
      await flow.enter(only.has('b') ? SPACED_CUSTOMERS : only.has('c') ? LATENCY_CUSTOMERS : 1);
      const loops = await startBareLoops(client, servers, stops);
      if (only.has('b')) await loops.start('normal', SPACED_CUSTOMERS);
      if (only.has('c')) await loops.start('local', LATENCY_CUSTOMERS);
      return { house, flow, loops };
    },
  );
  const results: Result[] = [];
  if (only.has('b'))
    results.push(...(await progress.step('b: events decided', () => benchThroughput(flow, loops))));
  if (only.has('c'))
    results.push(...(await progress.step('c: latency', () => benchLatency(house, flow, loops))));
  if (only.has('d'))
    results.push(...(await progress.step('d: history', () => benchHistory(house, flow, client))));
  return results;
}

async function stopAll(stops: Stops): Promise<void> {
  for (const undo of stops.splice(0).reverse()) await undo();
}
