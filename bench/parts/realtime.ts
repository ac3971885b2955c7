import { setTimeout as sleep } from 'node:timers/promises';
import { createKey } from '../../src/app/api-keys/keys.ts';
import { shuffleNumbers, toUserId } from '../events.ts';
import { startFloorProcess } from '../floor/child-process.ts';
import type { SelectReply } from '../floor/select.ts';
import { createSender, encodeBatch, type Sender, splitIntoBatches } from '../http-sender.ts';
import type { Result } from '../result.ts';
import type { Servers } from '../servers.ts';
import { percentile, runRounds, summarize } from '../stats.ts';
import type { Stops } from '../stops.ts';
import { type BenchSystem, startSystem, WORKSPACE } from '../system.ts';

const CUSTOMERS = 1_000;
const PER_SECOND = 50;
const SECONDS = 8;
const ROUNDS = 4;
const BUDGET_MS = 70_000;
const CONNECTIONS = 16;
const BATCH = 100;

/**
 * realtime: milliseconds of `POST /v1/decisions`, each stored before the answer, for existing customers with a few events;
 * against a route that does one `select 1`, at the same pace.
 */
export async function benchRealtime(servers: Servers, stops: Stops): Promise<Result[]> {
  const system = await startSystem(servers, 'realtime', ['api'], stops);
  await makeCustomers(system, stops);
  const key = await createKey(system.db, {
    workspace: WORKSPACE,
    kind: 'api',
    scopes: ['decide'],
    label: 'bench',
  });
  const ours = createSender(system.urls, [key], CONNECTIONS);
  stops.push(() => ours.close());
  const child = startFloorProcess<object, SelectReply>(
    'select.ts',
    { DATABASE_URL: system.databaseUrl },
    stops,
  );
  const { port } = await child.waitForMessage((answer) => 'port' in answer);
  const floor = createSender([`http://127.0.0.1:${port}`], [key], CONNECTIONS);
  stops.push(() => floor.close());

  let requests = 0;
  const decide = (customer: number) => {
    requests++;
    return ours.post('/v1/decisions', bodyOf(customer));
  };
  const select = (customer: number) => floor.post('/', bodyOf(customer));
  // The first requests open connections and fill caches, so they are discarded.
  await paced(decide);
  await paced(select);
  const pairs = await runRounds(ROUNDS, BUDGET_MS, async () => ({
    ours: await paced(decide),
    floor: await paced(select),
  }));
  const [kept] = await system.db.sql<{ n: number }[]>`
    select count(*)::int as n from decisions where kind = 'realtime' and outcome = 'offered'`;
  const at = (share: number) =>
    summarize(
      pairs.map((pair) => ({ ours: percentile(pair.ours, share), floor: percentile(pair.floor, share) })),
    );
  const row = { part: 'realtime', unit: 'ms' };
  const what = `real-time decision, ${PER_SECOND}/s`;
  return [
    { ...row, measure: `${what}, p50`, ...at(0.5), goal: null },
    { ...row, measure: `${what}, p99`, ...at(0.99), goal: { at: 'most', value: 5 } },
    {
      part: 'realtime',
      measure: 'decided and stored within the deadline',
      ours: (100 * (kept?.n ?? 0)) / requests,
      floor: null,
      unit: '%',
      ratio: null,
      goal: { at: 'least', value: 99 },
    },
  ];
}

function bodyOf(customer: number): Buffer {
  return Buffer.from(JSON.stringify({ customer: `user:${toUserId(customer)}`, placement: 'web-home' }));
}

/** Creates customers with consent, an order and views, to whom the placement may show an action. */
async function makeCustomers(system: BenchSystem, stops: Stops): Promise<void> {
  const sender: Sender = createSender(system.urls, system.writeKeys, CONNECTIONS);
  stops.push(() => sender.close());
  const events = shuffleNumbers(CUSTOMERS).flatMap((customer) => {
    const userId = toUserId(customer);
    const track = (event: string, properties: object) => ({ type: 'track', userId, event, properties });
    return [
      track('Consent Changed', { purpose: 'marketing', status: 'granted' }),
      track('Order Completed', { order_id: `o-${customer}`, total: 24.9, currency: 'EUR' }),
      track('Product Viewed', { product_id: 'grinder-3' }),
    ];
  });
  for (const batch of splitIntoBatches(events, BATCH)) await sender.post('/v1/batch', encodeBatch(batch));
}

/** Sends requests at even intervals. Returns how many milliseconds each took. */
async function paced(work: (customer: number) => Promise<void>): Promise<number[]> {
  const began = performance.now();
  return Promise.all(
    shuffleNumbers(PER_SECOND * SECONDS).map(async (customer, index) => {
      await sleep(began + (index * 1_000) / PER_SECOND - performance.now());
      const start = performance.now();
      await work(customer % CUSTOMERS);
      return performance.now() - start;
    }),
  );
}
