import type { CellSums } from './cell-sums.ts';
import type { CustomerRows } from './customer-rows.ts';
import { toDay, toDayName } from './periods.ts';

/** Deliveries, refusals and tasks by day. */
export function addEffectCells(sums: CellSums, { deliveries, tasks }: CustomerRows): void {
  for (const row of deliveries) {
    const { channel, action, class: actionClass, variant, state, cost, at, receipts, refusals } = row;
    const day = toDayName(toDay(at));
    const key = [channel, action, actionClass, variant, state];
    sums.add('deliveries', day, key, 1, cost, ...receipts);
    for (const [gate, code] of refusals ?? [])
      sums.add('refusals', day, [channel, action, variant, gate, code], 1);
  }
  for (const { action, class: actionClass, state, outcome, cost, at } of tasks)
    sums.add('tasks', toDayName(toDay(at)), [action, actionClass, state, outcome], 1, cost);
}
