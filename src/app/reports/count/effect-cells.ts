import type { CellSums } from './cell-sums.ts';
import type { CustomerRows } from './customer-rows.ts';
import { toDay, toDayName } from './periods.ts';

/** Deliveries, refusals and tasks by day; what was sent of decisions by the day of these. */
export function addEffectCells(sums: CellSums, { deliveries, tasks, journeyOf }: CustomerRows): void {
  const addSent = (decidedAt: number, action: string, enrollment: string) =>
    sums.add('sent', toDayName(toDay(decidedAt)), [action, journeyOf(enrollment)], 1);
  for (const row of deliveries) {
    const { channel, action, class: actionClass, variant, state, cost, at, receipts, refusals } = row;
    const day = toDayName(toDay(at));
    const key = [channel, action, actionClass, variant, state];
    sums.add('deliveries', day, key, 1, cost, ...receipts);
    for (const [gate, code] of refusals ?? [])
      sums.add('refusals', day, [channel, action, variant, gate, code], 1);
    if (row.decidedAt !== null && isSent(row.state)) addSent(row.decidedAt, action, row.enrollment);
  }
  for (const { action, class: actionClass, state, outcome, cost, at, enrollment } of tasks) {
    sums.add('tasks', toDayName(toDay(at)), [action, actionClass, state, outcome], 1, cost);
    if (state !== 'planned') addSent(at, action, enrollment);
  }
}

function isSent(state: string): boolean {
  return state === 'sent' || state === 'unknown';
}
