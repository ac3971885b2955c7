import { holdsOf } from '../count/hold-cells.ts';
import type { ReportDeps } from '../report-deps.ts';
import { buildHoldsReport, type HoldKey, type HoldsReport } from '../tally-holds.ts';
import { type Counts, readReportCells, sumBy } from './counted-cells.ts';

/** The rules that held a journey back, from the counts: of all decisions, never of a sample. */
export async function readCountedHolds(
  deps: ReportDeps,
  journey: string,
  counts: Counts,
): Promise<HoldsReport & { sampled: boolean }> {
  const report = holdsOf(journey);
  const cells = await readReportCells(deps, counts, { byDay: [report] });
  const sums = [...sumBy(cells(report), (key) => key)].map(([id, [decisions = 0, held = 0]]) => ({
    key: JSON.parse(id) as HoldKey | [],
    decisions,
    held,
  }));
  const all = sums.find(({ key }) => key.length === 0);
  const rules = sums.flatMap(({ key, ...count }) => (key.length === 0 ? [] : [{ key, ...count }]));
  const { decisions = 0, held = 0 } = all ?? {};
  return { ...buildHoldsReport({ decisions, held }, rules), sampled: false };
}
