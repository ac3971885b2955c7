import { setTimeout as sleep } from 'node:timers/promises';
import { buildDecisiveEvent, shuffleNumbers, toUserId } from '../events.ts';
import type { FloorLoops } from '../floor/loop.ts';
import type { Flow } from '../flow.ts';
import type { Result } from '../result.ts';
import { percentile, runRounds, summarize } from '../stats.ts';
import { type BenchSystem, WORKSPACE } from '../system.ts';

const PER_SECOND = 50;
const SECONDS = 5;
const ROUNDS = 5;
const BUDGET_MS = 40_000;
const LATE_MS = 30_000;
export const LATENCY_CUSTOMERS = PER_SECOND * SECONDS;

/** c: from before the request until the decision is committed, against a bare signal until its local activity runs. */
export async function benchLatency(system: BenchSystem, flow: Flow, loops: FloorLoops): Promise<Result[]> {
  const decided = await listenForDecisions(system);
  // The first events open connections and fill caches, so they are discarded.
  await paced(shuffleNumbers(PER_SECOND), (customer) => oneEvent(flow, decided, customer));
  const pairs = await runRounds(ROUNDS, BUDGET_MS, async () => ({
    ours: await paced(shuffleNumbers(LATENCY_CUSTOMERS), (customer) => oneEvent(flow, decided, customer)),
    floor: await paced(shuffleNumbers(LATENCY_CUSTOMERS), (customer) => loops.signal(customer)),
  }));
  await decided.stop();
  const at = (share: number) =>
    summarize(
      pairs.map(({ ours, floor }) => ({ ours: percentile(ours, share), floor: percentile(floor, share) })),
    );
  const row = { part: 'c', unit: 'ms' };
  return [
    { ...row, measure: 'accept to committed decision, p50', ...at(0.5), goal: { at: 'most', value: 1.5 } },
    { ...row, measure: 'accept to committed decision, p99', ...at(0.99), goal: { at: 'most', value: 2 } },
  ];
}

/** Starts a task for each item at even intervals. Returns how many milliseconds each task took. */
async function paced(customers: number[], work: (customer: number) => Promise<number>): Promise<number[]> {
  const began = now();
  return Promise.all(
    customers.map(async (customer, index) => {
      await sleep(began + (index * 1_000) / PER_SECOND - now());
      const start = now();
      return (await work(customer)) - start;
    }),
  );
}

async function oneEvent(flow: Flow, decided: Decided, customer: number): Promise<number> {
  const committed = decided.of(customer);
  const body = Buffer.from(JSON.stringify(buildDecisiveEvent(customer, flow.nextMessageId())));
  await flow.sender.post('/v1/identify', body, customer);
  return committed;
}

interface Decided {
  /** Resolves with the time at which the customer's next decision became visible. */
  of(customer: number): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Receives a notification of each decision's own transaction, which Postgres delivers after the commit. (`committed_at` is
 * written before the commit is on disk, so it would be too early.) At this rate the notification has no measurable cost
 * for the transaction; its delivery time counts against us.
 */
async function listenForDecisions({ db }: BenchSystem): Promise<Decided> {
  await db.sql.unsafe(`
    create or replace function bench_decided() returns trigger language plpgsql as
      $$ begin perform pg_notify('bench_decided', new.customer_id); return null; end $$;
    create trigger bench_decided after insert on decisions for each row execute function bench_decided()`);
  const waiting = new Map<string, (at: number) => void>();
  const listener = await db.listen('bench_decided', (customerId) => {
    waiting.get(customerId)?.(now());
    waiting.delete(customerId);
  });
  const rows = await db.sql<{ user: string; id: string }[]>`
    select value as user, customer_id as id from identities where workspace = ${WORKSPACE} and type = 'user'`;
  const ids = new Map(rows.map((row) => [row.user, row.id]));
  return {
    of(customer) {
      const id = ids.get(toUserId(customer)) ?? '';
      return new Promise((resolve, reject) => {
        const late = setTimeout(
          () => reject(new Error(`${id} was not decided within ${LATE_MS} ms`)),
          LATE_MS,
        );
        waiting.set(id, (at) => {
          clearTimeout(late);
          resolve(at);
        });
      });
    },
    async stop() {
      await listener.stop();
      await db.sql.unsafe('drop trigger bench_decided on decisions');
    },
  };
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
