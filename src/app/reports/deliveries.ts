import {
  COUNTED_RECEIPTS,
  countDays,
  countDeliveries,
  countRefusals,
  countTasks,
  type DayCount,
  type DeliveryCount,
  type ReceiptCounts,
  type RefusalCount,
  type TaskCount,
} from '../../../db/reports/deliveries.ts';
import { DELIVERY_STATES, TASK_STATES } from '../../domain/delivery.ts';
import { groupBy } from '../../domain/values/group-by.ts';
import type { Period, ReportDeps } from './report-deps.ts';

/** Deliveries by channel, action and variant, and agent tasks by action, with states and costs in minor units. */
export async function readDeliveriesReport({ db }: ReportDeps, workspace: string, period: Period) {
  const { sql } = db;
  const span = { workspace, ...period };
  const rows = await countDeliveries(sql, span);
  const refusals = await countRefusals(sql, span);
  const tasks = await countTasks(sql, span);
  const days = await countDays(sql, span);
  return buildDeliveriesReport({ rows, refusals, tasks, days });
}

interface DeliveryCounts {
  rows: DeliveryCount[];
  refusals: RefusalCount[];
  tasks: TaskCount[];
  days: DayCount[];
}

/** Builds the report of counts by state. */
export function buildDeliveriesReport({ rows, refusals, tasks, days }: DeliveryCounts) {
  const sumCosts = (costs: { state: string; cost: number }[], states: string[]) =>
    costs.filter((row) => states.includes(row.state)).reduce((sum, row) => sum + row.cost, 0);
  return {
    deliveries: [
      ...groupBy(rows, ({ channel, action, variant }) => JSON.stringify([channel, action, variant])).values(),
    ].map((group) => {
      const { channel, action, variant, class: actionClass } = group[0] as DeliveryCount;
      return {
        channel,
        action,
        class: actionClass,
        variant,
        states: countStates(DELIVERY_STATES, group, (row) => row.deliveries),
        refusals: refusals
          .filter(
            (refusal) =>
              refusal.channel === channel && refusal.action === action && refusal.variant === variant,
          )
          .map(({ gate, code, deliveries }) => ({ gate, code, deliveries })),
        receipts: sumReceipts(group),
        spent: sumCosts(group, ['sent', 'unknown']),
        reserved: sumCosts(group, ['planned', 'held', 'sending']),
      };
    }),
    tasks: [...groupBy(tasks, (task) => task.action)].map(([action, group]) => ({
      action,
      class: (group[0] as TaskCount).class,
      states: countStates(TASK_STATES, group, (row) => row.tasks),
      outcomes: group.flatMap(({ outcome, tasks: n }) => (outcome === null ? [] : [{ outcome, tasks: n }])),
      spent: sumCosts(group, ['resolved']),
      reserved: sumCosts(group, ['planned', 'open', 'acknowledged']),
    })),
    days,
  };
}

/** How many were reported so, and which share that is of those that were sent; null: none was sent. */
function sumReceipts(
  rows: DeliveryCount[],
): Record<keyof ReceiptCounts, { deliveries: number; share: number | null }> {
  const sent = rows.filter(({ state }) => state === 'sent').reduce((sum, row) => sum + row.deliveries, 0);
  const sums = COUNTED_RECEIPTS.map((kind) => {
    const deliveries = rows.reduce((sum, { receipts }) => sum + receipts[kind], 0);
    return [kind, { deliveries, share: sent === 0 ? null : deliveries / sent }];
  });
  return Object.fromEntries(sums);
}

function countStates<State extends string, Row extends { state: string }>(
  states: readonly State[],
  rows: Row[],
  number: (row: Row) => number,
): Record<State, number> {
  const count = (state: State) =>
    rows.filter((row) => row.state === state).reduce((sum, row) => sum + number(row), 0);
  return Object.fromEntries(states.map((state) => [state, count(state)])) as Record<State, number>;
}
