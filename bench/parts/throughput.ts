import type { BareLoops } from '../bare-loop.ts';
import { shuffled } from '../events.ts';
import type { Flow } from '../flow.ts';
import type { Result } from '../result.ts';
import { type Pair, summarize } from '../stats.ts';

/** One event each, so that every decision takes one event. */
export const SPACED_CUSTOMERS = 800;
const SPACED_ROUNDS = 5;
const PENDING_CUSTOMERS = 200;
const PENDING = 10;
const PENDING_ROUNDS = 4;

/** b: events through to a committed decision, against one signal and one activity per event. */
export async function benchThroughput(flow: Flow, loops: BareLoops): Promise<Result[]> {
  const spaced = await measure(flow, loops, shuffled(SPACED_CUSTOMERS), SPACED_ROUNDS);
  // A customer's ten stand together, as in the batch of a till that was offline.
  const burst = shuffled(PENDING_CUSTOMERS).flatMap((customer) => Array<number>(PENDING).fill(customer));
  const pending = await measure(flow, loops, burst, PENDING_ROUNDS);
  const row = { part: 'b', unit: 'events/s' };
  return [
    { ...row, what: 'decided, one event a customer at a time', ...spaced, goal: { at: 'least', value: 1 } },
    { ...row, what: 'decided, ten of a customer pending', ...pending, goal: { at: 'least', value: 6 } },
  ];
}

async function measure(flow: Flow, loops: BareLoops, customers: number[], rounds: number) {
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round++) {
    const ours = await rate(customers.length, () => flow.run(customers));
    const floor = await rate(customers.length, () => loops.run(customers));
    pairs.push({ ours, floor });
  }
  return summarize(pairs);
}

async function rate(events: number, work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return events / ((performance.now() - began) / 1_000);
}
