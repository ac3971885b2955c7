import { readHoldouts } from '../../../../db/reports/arms.ts';
import type { Bundle, JourneyDef } from '../../../domain/definition.ts';
import { computeControlShare } from '../../../statistics/experiments/assignment.ts';
import { listMarketingJourneys } from '../arms.ts';
import type { ReportDeps } from '../report-deps.ts';
import type { Cell } from './counted-cells.ts';
import { type Arms, addValueSums, emptyArms } from './totals.ts';

/** The customers who entered a journey, by arm and by the month of their entry. */
export interface CountedJourney {
  journey: JourneyDef;
  all: Arms;
  cohorts: Map<string, Arms>;
  excluded: number;
  /** Of 10,000, by the bundles at entry. */
  controlShare: number;
}

/** The arms of every marketing journey from the cells of its entries. */
export async function sumJourneyArms(
  { db }: ReportDeps,
  workspace: string,
  bundle: Bundle,
  cells: Cell[],
): Promise<CountedJourney[]> {
  const versions = [...new Set(cells.map(({ key }) => key[1] as number))];
  const shares = new Map(
    (await readHoldouts(db.sql, workspace, versions)).map(({ version, journey, global, holdout }) => [
      `${version}/${journey}`,
      computeControlShare(global, holdout),
    ]),
  );
  return listMarketingJourneys(bundle).map((journey) => {
    const now = computeControlShare(bundle.workspace.holdout, journey.holdout);
    const found: CountedJourney = {
      journey,
      all: emptyArms(),
      cohorts: new Map(),
      excluded: 0,
      controlShare: now,
    };
    let [kept, expected] = [0, 0];
    for (const { key, sums, exact } of cells.filter(({ key: [id] }) => id === journey.id)) {
      const [, version, arm, excluded, month] = key as [
        string,
        number,
        'treated' | 'control',
        boolean,
        string,
      ];
      const [customers = 0] = sums;
      const cohort = found.cohorts.get(month) ?? emptyArms();
      found.cohorts.set(month, cohort);
      if (excluded) {
        found.excluded += customers;
        continue;
      }
      kept += customers;
      expected += customers * (shares.get(`${version}/${journey.id}`) ?? now);
      for (const arms of [found.all, cohort]) {
        arms[arm].customers += customers;
        addValueSums(arms[arm], { sums, exact }, 1);
        arms[arm].goal += sums[7] ?? 0;
      }
    }
    return kept > 0 ? { ...found, controlShare: expected / kept } : found;
  });
}
