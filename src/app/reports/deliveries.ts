import { countDeliveries, countRefusals, countTasks } from '../../../db/reports/deliveries.ts';
import { toMoney } from '../../api/frame/format.ts';
import type { Api } from '../../api/frame/operation.ts';
import { type Period, toPeriodView } from '../../api/reports/period.ts';
import type { Bundle } from '../../domain/definition.ts';
import { DELIVERY_STATES, TASK_STATES } from '../../domain/delivery.ts';
import { groupBy } from '../../domain/values/group-by.ts';

/** What went out, by channel, action and variant; what people were asked to do; and what it cost. */
export async function readDeliveriesReport({ deps }: Api, workspace: string, bundle: Bundle, period: Period) {
  const { sql } = deps.db;
  const span = { workspace, ...period };
  const rows = await countDeliveries(sql, span);
  const refusals = await countRefusals(sql, span);
  const tasks = await countTasks(sql, span);
  const money = (minor: number) => toMoney(minor, bundle.workspace.currency);
  const spent = (costs: { state: string; cost: number }[], states: string[]) =>
    money(costs.filter((row) => states.includes(row.state)).reduce((sum, row) => sum + row.cost, 0));
  return {
    period: toPeriodView(period),
    deliveries: [
      ...groupBy(rows, ({ channel, action, variant }) => JSON.stringify([channel, action, variant])).values(),
    ].map((its) => {
      const { channel, action, variant, class: of } = its[0] as (typeof rows)[number];
      return {
        channel,
        action,
        class: of,
        variant,
        states: statesOf(DELIVERY_STATES, its, (row) => row.deliveries),
        held: refusals
          .filter((one) => one.channel === channel && one.action === action && one.variant === variant)
          .map(({ gate, code, deliveries }) => ({ gate, code, deliveries })),
        spent: spent(its, ['sent', 'unknown']),
        reserved: spent(its, ['planned', 'held', 'sending']),
      };
    }),
    tasks: [...groupBy(tasks, (task) => task.action)].map(([action, its]) => ({
      action,
      class: its[0]?.class as string,
      states: statesOf(TASK_STATES, its, (row) => row.tasks),
      outcomes: its.flatMap(({ outcome, tasks: n }) => (outcome === null ? [] : [{ outcome, tasks: n }])),
      spent: spent(its, ['resolved']),
      reserved: spent(its, ['planned', 'open', 'acknowledged']),
    })),
  };
}

function statesOf<State extends string, Row extends { state: string }>(
  states: readonly State[],
  rows: Row[],
  number: (row: Row) => number,
): Record<State, number> {
  const of = (state: State) =>
    rows.filter((row) => row.state === state).reduce((sum, row) => sum + number(row), 0);
  return Object.fromEntries(states.map((state) => [state, of(state)])) as Record<State, number>;
}
