import { type ActionChoices, sortStates } from '../choices.ts';
import { reportOf } from '../count/reward-cells.ts';
import { fromUnits } from '../exact-units.ts';
import type { ReportDeps } from '../report-deps.ts';
import { type Counts, readReportCells, sumBy } from './counted-cells.ts';
import { toQuality } from './quality.ts';

/** The choices of an action from the counts. The least propensity has two digits. */
export async function readCountedChoices(
  deps: ReportDeps,
  counts: Counts,
  action: string,
): Promise<ActionChoices> {
  const [choices, probabilities, amounts] = (['choices', 'probabilities', 'amounts'] as const).map((report) =>
    reportOf(report, action),
  ) as [string, string, string];
  const cells = await readReportCells(deps, counts, { byDay: [choices, probabilities, amounts] });
  const [chosen = 0, explored = 0, units = 0] = sumBy(cells(choices), () => null).get('null') ?? [];
  const rewards = [...sumBy(cells(choices), ([state]) => state)].map(([state, [count = 0]]) => ({
    state: JSON.parse(state) as string,
    count,
  }));
  return {
    chosen,
    explored,
    meanPropensity: chosen === 0 ? null : fromUnits(units) / chosen,
    leastPropensity:
      chosen === 0 ? null : Math.min(...new Set(cells(choices).map(({ key }) => key[1] as number))),
    rewards: sortStates(rewards),
    ...toQuality(cells(probabilities), cells(amounts)),
  };
}
