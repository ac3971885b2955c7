import { COUNTED_RECEIPTS, type ReceiptCounts } from '../../../../db/reports/deliveries.ts';
import type { ActionClass } from '../../../domain/definition.ts';
import { buildDeliveriesReport } from '../deliveries.ts';
import type { ReportDeps } from '../report-deps.ts';
import { type Counts, readReportCells, sumBy } from './counted-cells.ts';

/** The report of deliveries from the counts. */
export async function readCountedDeliveries(deps: ReportDeps, counts: Counts) {
  const cells = await readReportCells(deps, counts, { byDay: ['deliveries', 'refusals', 'tasks'] });
  const entries = (report: string) =>
    [...sumBy(cells(report), (key) => key)].sort(([a], [b]) => (a < b ? -1 : 1));
  const deliveries = entries('deliveries').map(([id, [n = 0, cost = 0, ...receipts]]) => {
    const [channel, action, actionClass, variant, state] = JSON.parse(id);
    return {
      channel,
      action,
      class: actionClass as ActionClass,
      variant,
      state,
      deliveries: n,
      cost,
      receipts: toReceipts(receipts),
    };
  });
  const refusals = entries('refusals').map(([id, [n = 0]]) => {
    const [channel, action, variant, gate, code] = JSON.parse(id);
    return { channel, action, variant, gate, code, deliveries: n };
  });
  const tasks = entries('tasks').map(([id, [n = 0, cost = 0]]) => {
    const [action, actionClass, state, outcome] = JSON.parse(id);
    return { action, class: actionClass as ActionClass, state, outcome, tasks: n, cost };
  });
  const days = [
    ...sumBy(cells('deliveries'), ([channel, , , , state], { period }) => [period, channel, state]),
  ]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .reduce((found, [id, [n = 0, cost = 0, ...receipts]]) => {
      const [day, channel, state] = JSON.parse(id);
      const key = JSON.stringify([day, channel]);
      const sum = found.get(key) ?? { day, channel, sent: 0, failed: 0, receipts: toReceipts([]), spent: 0 };
      found.set(key, sum);
      if (state === 'sent') sum.sent += n;
      if (state === 'failed') sum.failed += n;
      if (state === 'sent' || state === 'unknown') sum.spent += cost;
      COUNTED_RECEIPTS.forEach((kind, i) => {
        sum.receipts[kind] += receipts[i] ?? 0;
      });
      return found;
    }, new Map<
      string,
      { day: string; channel: string; sent: number; failed: number; receipts: ReceiptCounts; spent: number }
    >());
  return buildDeliveriesReport({ rows: deliveries, refusals, tasks, days: [...days.values()] });
}

function toReceipts(sums: number[]): ReceiptCounts {
  return Object.fromEntries(COUNTED_RECEIPTS.map((kind, i) => [kind, sums[i] ?? 0])) as ReceiptCounts;
}
