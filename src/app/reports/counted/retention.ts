import type { Bundle, JourneyDef } from '../../../domain/definition.ts';
import type { Instant } from '../../../domain/time/time.ts';
import { computeControlShare } from '../../../statistics/experiments/assignment.ts';
import type { ReportDeps } from '../report-deps.ts';
import { type ArmsOfCohort, buildRetentionReport } from '../retention.ts';
import { type Counts, readReportCells } from './counted-cells.ts';
import { armOfSegment } from './segments.ts';

/** The report of repeat purchases from the counts. */
export async function readCountedRetention(
  deps: ReportDeps,
  counts: Counts,
  { bundle, journey, now }: { bundle: Bundle; journey: JourneyDef | null; now: Instant },
) {
  const { holdout, timezone } = bundle.workspace;
  const cells = await readReportCells(deps, counts, { byDay: ['buyers', 'orders'] });
  const { holdouts } = counts.settings;
  const armOf = (group: unknown, excluded: unknown) => {
    if (journey) return excluded ? null : (group as 'treated' | 'control');
    return armOfSegment(holdouts, group as number, { lowest: holdout, highest: holdout });
  };
  const cohorts = new Map<number, ArmsOfCohort>();
  let incomplete = 0;
  for (const { key, sums } of cells('buyers')) {
    const [id, group, excluded, month] = key;
    if (id !== (journey?.id ?? null)) continue;
    const cohort = cohorts.get(month as number) ?? { treated: 0, control: 0, again: new Map() };
    cohorts.set(month as number, cohort);
    const arm = armOf(group, excluded);
    incomplete += sums[1] ?? 0;
    if (arm) cohort[arm] += sums[0] ?? 0;
  }
  for (const { key, sums } of cells('orders')) {
    const [id, group, excluded, month, again] = key;
    const arm = armOf(group, excluded);
    const cohort = cohorts.get(month as number);
    if (id !== (journey?.id ?? null) || arm === null || !cohort) continue;
    const sum = cohort.again.get(again as number) ?? { treated: 0, control: 0 };
    cohort.again.set(again as number, sum);
    sum[arm] += sums[0] ?? 0;
  }
  const share = journey ? computeControlShare(holdout, journey.holdout) : holdout;
  return buildRetentionReport({ timezone, journey: journey?.id ?? null, incomplete, cohorts, share, now });
}
