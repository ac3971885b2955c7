import { uuidv7 } from 'uuidv7';
import { readCpuTime } from '../cpu-time.ts';
import { buildShopEvent, shuffleNumbers } from '../events.ts';
import { startFloorProcess } from '../floor/child-process.ts';
import type { InsertReply, InsertRequest } from '../floor/insert.ts';
import {
  createSender,
  encodeBatch,
  measureRate,
  type Sender,
  sendSingles,
  splitIntoBatches,
} from '../http-sender.ts';
import type { Result } from '../result.ts';
import type { Servers } from '../servers.ts';
import { median, runRounds, summarize } from '../stats.ts';
import type { Stops } from '../stops.ts';
import { startSystem } from '../system.ts';

const EVENTS = 20_000;
const BATCH = 100;
const ROUNDS = 5;
const BUDGET_MS = 20_000;
const CONNECTIONS = 16;
const SINGLES = 6_000;
const SINGLE_CONNECTIONS = 64;

/** a: events accepted by HTTP, against bare inserts of the same rows. */
export async function benchAccept(servers: Servers, stops: Stops): Promise<Result[]> {
  const system = await startSystem(servers, 'accept', ['api'], stops);
  const floor = startFloorProcess<InsertRequest, InsertReply>(
    'insert.ts',
    { DATABASE_URL: system.databaseUrl },
    stops,
  );
  await floor.waitForMessage((answer) => 'ready' in answer);
  const sender = createSender(system.urls, system.writeKeys, CONNECTIONS);
  stops.push(() => sender.close());

  const bare = async () => {
    const answer = floor.waitForMessage((message) => 'seconds' in message);
    floor.send({ events: EVENTS, batch: BATCH, connections: CONNECTIONS });
    return EVENTS / ((await answer) as { seconds: number }).seconds;
  };
  // The first round creates the customers, and is a result of its own.
  const first = { ours: await accept(sender), floor: await bare() };
  const batchTimes: number[] = [];
  const pairs = await runRounds(ROUNDS, BUDGET_MS, async () => {
    const before = await readCpuTime(system);
    const ours = await accept(sender);
    batchTimes.push((await readCpuTime(system)) - before);
    return { ours, floor: await bare() };
  });
  const singles = createSender(system.urls, system.writeKeys, SINGLE_CONNECTIONS);
  stops.push(() => singles.close());
  const before = await readCpuTime(system);
  const perSecond = await sendSingles(singles, shuffleNumbers(EVENTS).slice(0, SINGLES), SINGLE_CONNECTIONS);
  const singlesTime = (await readCpuTime(system)) - before;

  const summary = summarize(pairs);
  const none = { part: 'a', floor: null, ratio: null, goal: null };
  const row = { ...none, unit: 'events/s' };
  const time = { ...none, unit: 'µs' };
  return [
    { ...row, measure: 'accepted by HTTP, batches of 100', ...summary, goal: { at: 'least', value: 0.5 } },
    { ...row, measure: 'the same, customers never seen before', ...first, ratio: first.ours / first.floor },
    { ...row, measure: 'accepted by HTTP, one event per request', ours: perSecond },
    {
      ...time,
      measure: 'CPU time per event of a batch, API and Postgres',
      ours: (median(batchTimes) / EVENTS) * 1e6,
    },
    {
      ...time,
      measure: 'CPU time per event alone, API and Postgres',
      ours: (singlesTime / SINGLES) * 1e6,
    },
  ];
}

async function accept(sender: Sender): Promise<number> {
  const bodies = splitIntoBatches(shuffleNumbers(EVENTS), BATCH).map((customers) =>
    encodeBatch(customers.map((customer) => buildShopEvent(customer, uuidv7()))),
  );
  const batches = await measureRate(bodies, CONNECTIONS, (body, index) =>
    sender.post('/v1/batch', body, index),
  );
  return batches * BATCH;
}
