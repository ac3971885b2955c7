import type { Bundle } from '../../../domain/definition.ts';
import type { ReportDeps } from '../report-deps.ts';
import { type GroupValue, toEfficiency, type ValueReport } from '../value.ts';
import { type Counts, readReportCells, sumBy } from './counted-cells.ts';
import { GLOBAL_REPORTS, sumGlobalArms } from './global-arms.ts';
import { sumJourneyArms } from './journey-arms.ts';
import { type Arms, type ArmTotals, buildCohort, compareShares } from './totals.ts';

/** The report of value from the counts. */
export async function readCountedValue(
  deps: ReportDeps,
  bundle: Bundle,
  counts: Counts,
): Promise<ValueReport> {
  const cells = await readReportCells(deps, counts, {
    always: GLOBAL_REPORTS.always,
    byPeriod: [...GLOBAL_REPORTS.byPeriod, 'entries', 'spend'],
    byDay: ['deliveries', 'tasks'],
  });
  const foreign = await readReportCells(
    deps,
    { ...counts, period: { from: 0, to: counts.period.to } },
    { byDay: ['foreign'] },
  );
  const { margin } = bundle.workspace.worth;
  const global = await sumGlobalArms(deps, counts, cells);
  const journeys = await sumJourneyArms(deps, counts.workspace, bundle, cells('entries'));
  const spent = sumBy(cells('spend'), ([journey]) => journey);
  const marketing = new Set(bundle.actions.filter(({ class: c }) => c === 'marketing').map(({ id }) => id));
  const made = [
    ...cells('deliveries').filter(
      ({ key: [, action, actionClass, , state] }) =>
        marketing.has(action as string) &&
        actionClass === 'marketing' &&
        ['sent', 'unknown'].includes(state as string),
    ),
    ...cells('tasks').filter(
      ({ key: [, actionClass, state] }) => actionClass === 'marketing' && state === 'resolved',
    ),
  ];
  const [contacts = 0, spend = 0] = sumBy(made, () => null).get('null') ?? [];
  const { all, controlShare: share } = global;
  const shareOf = (of: (totals: ArmTotals) => [customers: number, events: number]) =>
    compareShares(all, share, (totals) => {
      const [customers, events] = of(totals);
      return { customers, events };
    });
  return {
    global: {
      ...toGroup(global, margin, [contacts, spend]),
      sample: 1,
      lifecycle: {
        acquisition: shareOf((t) => [t.customers - t.boughtBefore, t.acquired]),
        engagement: shareOf((t) => [t.customers, t.engaged]),
        retention: shareOf((t) => [t.boughtBefore, t.retained]),
      },
    },
    journeys: journeys.map((found) => ({
      journey: found.journey,
      ...toGroup(found, margin, spent.get(JSON.stringify(found.journey.id)) ?? []),
    })),
    foreign: sumBy(foreign('foreign'), () => null).get('null')?.[0] ?? 0,
  };
}

interface Group {
  all: Arms;
  cohorts: Map<string, Arms>;
  excluded: number;
  controlShare: number;
}

function toGroup(
  { all, cohorts, excluded, controlShare }: Group,
  margin: number,
  [contacts = 0, spend = 0]: number[],
): GroupValue {
  const report = buildCohort('', all, controlShare, margin);
  return {
    sizes: { treated: all.treated.customers, control: all.control.customers, excluded },
    all: report,
    cohorts: [...cohorts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([cohort, arms]) => buildCohort(cohort, arms, controlShare, margin)),
    efficiency: toEfficiency(contacts, spend, report.value),
  };
}
