import type { Bundle } from '../../../domain/definition.ts';
import { compareRates } from '../../../statistics/experiments/compare.ts';
import { buildHeadline } from '../../../statistics/experiments/headline.ts';
import { COMPARE_OPTIONS } from '../arms.ts';
import {
  buildSplitReports,
  buildVariantReports,
  type Experiment,
  type ExperimentsReport,
} from '../experiments.ts';
import type { ReportDeps } from '../report-deps.ts';
import { type Cell, type Counts, readReportCells, sumBy } from './counted-cells.ts';
import { GLOBAL_REPORTS, sumGlobalArms } from './global-arms.ts';
import { sumJourneyArms } from './journey-arms.ts';
import { type Arms, type ArmTotals, checkArms } from './totals.ts';

/** The report of experiments from the counts. */
export async function readCountedExperiments(
  deps: ReportDeps,
  bundle: Bundle,
  counts: Counts,
): Promise<ExperimentsReport> {
  const cells = await readReportCells(deps, counts, {
    always: GLOBAL_REPORTS.always,
    byPeriod: [...GLOBAL_REPORTS.byPeriod, 'entries', 'splits', 'variants'],
  });
  const global = await sumGlobalArms(deps, counts, cells);
  const journeys = await sumJourneyArms(deps, counts.workspace, bundle, cells('entries'));
  return {
    global: { ...toExperiment(global), sample: 1 },
    journeys: journeys.map((found) => ({ journey: found.journey, ...toExperiment(found) })),
    splits: buildSplitReports(bundle, listOutcomes(cells('splits'))),
    variants: buildVariantReports(bundle, listOutcomes(cells('variants'))),
  };
}

function toExperiment(found: { all: Arms; excluded: number; controlShare: number }): Experiment {
  const { all, excluded, controlShare } = found;
  const sampleRatio = checkArms(all, controlShare);
  const count = ({ customers, goal }: ArmTotals) => ({ customers, events: goal });
  return {
    sizes: { treated: all.treated.customers, control: all.control.customers, excluded },
    expected: controlShare / 10_000,
    sampleRatio,
    goal: buildHeadline(sampleRatio, () =>
      compareRates(count(all.treated), count(all.control), COMPARE_OPTIONS),
    ),
  };
}

/** Customers of each arm of a test, and how many of them succeeded. */
function listOutcomes(cells: Cell[]) {
  return [...sumBy(cells, (key) => key)].map(([id, [customers = 0, events = 0]]) => {
    const [test, part, arm] = JSON.parse(id) as [string, string, string];
    return { test, part, arm, customers, events };
  });
}
