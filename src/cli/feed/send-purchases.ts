import { type EventTarget, postEvents } from '../post-events.ts';
import { runLanes } from '../run-lanes.ts';
import type { Purchase } from './parse-purchases.ts';
import { buildPurchaseEvent, type FeedRun } from './purchase-event.ts';

const BATCH = 100;
/** Requests in flight. */
const LANES = 4;

/**
 * Sends purchases by HTTP, in batches, over several lanes. All purchases of a customer are in one lane, and a lane waits
 * for each answer. So a customer's purchases arrive in the order of the file, even if a request is retried.
 */
export async function sendPurchases(
  purchases: Purchase[],
  run: FeedRun,
  target: EventTarget,
  onSent: (count: number) => void,
): Promise<void> {
  await runLanes(
    splitIntoLanes(purchases).map((lane) => async (signal) => {
      for (let from = 0; from < lane.length && !signal.aborted; from += BATCH) {
        const batch = lane.slice(from, from + BATCH);
        // Built once: a retry sends the time of the purchase, not the time of the retry.
        const now = new Date();
        const events = batch.map((purchase) => buildPurchaseEvent(purchase, run, now));
        await postEvents(events, target, { signal });
        onSent(batch.length);
      }
    }),
  );
}

function splitIntoLanes(purchases: Purchase[]): Purchase[][] {
  const lanes: Purchase[][] = Array.from({ length: LANES }, () => []);
  const laneByCustomer = new Map<string, Purchase[]>();
  for (const purchase of purchases) {
    const lane = laneByCustomer.get(purchase.customer) ?? (lanes[laneByCustomer.size % LANES] as Purchase[]);
    laneByCustomer.set(purchase.customer, lane);
    lane.push(purchase);
  }
  return lanes;
}
