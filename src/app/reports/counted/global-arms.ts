import { readGlobalHoldouts } from '../../../../db/reports/arms.ts';
import { DAY, iso } from '../../../domain/time/time.ts';
import { WHOLE_SHARE } from '../../../statistics/experiments/assignment.ts';
import { toDay } from '../count/periods.ts';
import { toMonth } from '../count/value-cells.ts';
import type { ReportDeps } from '../report-deps.ts';
import type { Cell, Counts } from './counted-cells.ts';
import { armOfSegment } from './segments.ts';
import { type Arms, addValueSums, emptyArms } from './totals.ts';

/** What `readGlobalCells` reads. */
export const GLOBAL_REPORTS = {
  always: ['members', 'bought.days', 'bought.months'],
  byPeriod: ['value'],
};

/** All customers by the arm of the global control, and by the month since which they are known. */
export interface CountedGlobal {
  all: Arms;
  cohorts: Map<string, Arms>;
  excluded: number;
  /** Of 10,000. */
  controlShare: number;
}

export async function sumGlobalArms(
  { db }: ReportDeps,
  { workspace, period, settings, name }: Counts,
  cells: (report: string) => Cell[],
): Promise<CountedGlobal> {
  const { lowest, highest } = await readGlobalHoldouts(db.sql, { workspace, ...period });
  const armOf = (segment: unknown) => armOfSegment(settings.holdouts, segment as number, { lowest, highest });
  const all = emptyArms();
  const cohorts = new Map<string, Arms>();
  let excluded = 0;
  const cohortOf = (id: string) => {
    const known = cohorts.get(id) ?? emptyArms();
    cohorts.set(id, known);
    return known;
  };
  for (const { key, sums } of cells('members')) {
    const [segment, day] = key as [number, number];
    if (day * DAY >= period.to) continue;
    const n = sums[0] ?? 0;
    const arm = armOf(segment);
    const cohort = cohortOf(iso(day * DAY).slice(0, 7));
    if (arm === null) excluded += n;
    else for (const arms of [all, cohort]) arms[arm].customers += n;
  }
  for (const { key, sums, exact } of cells('value')) {
    const [segment, id] = key as [number, string];
    const arm = armOf(segment);
    if (arm === null) continue;
    for (const arms of [all, cohortOf(id)]) {
      addValueSums(arms[arm], { sums, exact }, 0);
      const [acquired = 0, retained = 0, engaged = 0, goal = 0] = sums.slice(6);
      arms[arm].acquired += acquired;
      arms[arm].retained += retained;
      arms[arm].engaged += engaged;
      arms[arm].goal += goal;
    }
  }
  addBoughtBefore(all, { name, from: period.from, cells, armOf });
  const stayed = WHOLE_SHARE - (highest - lowest);
  const controlShare = stayed > 0 ? (lowest * WHOLE_SHARE) / stayed : 0;
  return { all, cohorts, excluded, controlShare };
}

/** Customers with a purchase before the period. Of a month only those count who were known before its end. */
function addBoughtBefore(
  all: Arms,
  {
    name,
    from,
    cells,
    armOf,
  }: {
    name: string | null;
    from: number;
    cells: (report: string) => Cell[];
    armOf: (segment: unknown) => 'treated' | 'control' | null;
  },
): void {
  const isMonth = name?.includes('-') ?? false;
  for (const { key, sums } of cells(isMonth ? 'bought.months' : 'bought.days')) {
    const [segment, since] = key as [number, number];
    const arm = armOf(segment);
    const isBefore = isMonth ? since <= toMonth(from) : since < toDay(from);
    if (arm !== null && isBefore) all[arm].boughtBefore += sums[0] ?? 0;
  }
}
