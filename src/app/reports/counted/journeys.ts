import type { EndCount, EntryCount, GoalCount, StepCount } from '../../../../db/reports/journeys.ts';
import type { Bundle } from '../../../domain/definition.ts';
import { buildJourneysReport } from '../journeys.ts';
import type { ReportDeps } from '../report-deps.ts';
import { type Counts, readReportCells, sumBy } from './counted-cells.ts';

/** The report of journeys from the counts. */
export async function readCountedJourneys(deps: ReportDeps, bundle: Bundle, counts: Counts) {
  const cells = await readReportCells(deps, counts, {
    byDay: ['enrolled', 'ends', 'steps', 'stands'],
    byPeriod: ['goals'],
  });
  const list = <Row>(report: string, toRow: (key: string[], sums: number[]) => Row): Row[] =>
    [...sumBy(cells(report), (key) => key)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, sums]) => toRow(JSON.parse(id), sums));
  const entries = list<EntryCount>(
    'enrolled',
    ([journey, arm], [entered = 0, open = 0, goal = 0, excluded = 0]) => ({
      journey: journey as never,
      arm: arm as never,
      entered,
      open,
      goal,
      excluded,
    }),
  );
  const ends = list<EndCount>('ends', ([journey, arm, reason], [ended = 0]) => ({
    journey: journey as never,
    arm: arm as never,
    reason: reason as never,
    ended,
  })).sort((a, b) => b.ended - a.ended);
  const reached = list<GoalCount>('goals', ([journey, arm], [customers = 0, goal = 0]) => ({
    journey: journey as never,
    arm: arm as never,
    customers,
    goal,
  }));
  const stands = list('stands', ([journey, step, reason], [n = 0]) => ({
    journey: journey as never,
    step: step as never,
    reason: reason as never,
    n,
  }));
  const steps = list<StepCount>('steps', ([journey, step], [n = 0]) => {
    const here = stands.filter((row) => row.journey === journey && row.step === step);
    return {
      journey: journey as never,
      step: step as never,
      reached: n,
      standing: here.filter(({ reason }) => reason === null).reduce((sum, row) => sum + row.n, 0),
      ended: Object.fromEntries(
        here.flatMap(({ reason, n: ended }) => (reason === null ? [] : [[reason, ended] as const])),
      ),
    };
  });
  return buildJourneysReport(bundle, { entries, ends, reached, steps });
}
