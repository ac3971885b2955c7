import { setTimeout as sleep } from 'node:timers/promises';
import { shuffleNumbers } from '../events.ts';
import type { FloorLoops } from '../floor/loop.ts';
import type { Flow } from '../flow.ts';
import type { Result } from '../result.ts';
import { runRounds, summarize } from '../stats.ts';

/** Each customer gets one event per round, so that every decision processes one. */
export const SPACED_CUSTOMERS = 400;
const PENDING_CUSTOMERS = 100;
const PENDING = 10;
const ROUNDS = 5;
const REST_MS = 1_500;
const BUDGET_MS = 20_000;

/** b: events per second until their decisions are committed, against one signal and one activity per event. */
export async function benchThroughput(flow: Flow, loops: FloorLoops): Promise<Result[]> {
  const spaced = await measure(flow, loops, shuffleNumbers(SPACED_CUSTOMERS));
  // Ten events of a customer are adjacent, as in the batch of a till that was offline.
  const burst = shuffleNumbers(PENDING_CUSTOMERS).flatMap((customer) =>
    Array<number>(PENDING).fill(customer),
  );
  const pending = await measure(flow, loops, burst);
  const row = { part: 'b', unit: 'events/s' };
  return [
    {
      ...row,
      measure: 'decided, one event per customer at a time',
      ...spaced,
      goal: { at: 'least', value: 1 },
    },
    { ...row, measure: 'decided, ten of a customer pending', ...pending, goal: { at: 'least', value: 6 } },
  ];
}

async function measure(flow: Flow, loops: FloorLoops, customers: number[]) {
  const pairs = await runRounds(ROUNDS, BUDGET_MS, async () => ({
    ours: await rate(customers.length, () => flow.decideAll(customers)),
    floor: await rate(customers.length, () => loops.run(customers)),
  }));
  return summarize(pairs);
}

async function rate(events: number, work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  const perSecond = events / ((performance.now() - began) / 1_000);
  // A pause, so that late writes of one side do not slow down the other.
  await sleep(REST_MS);
  return perSecond;
}
