import { toUnits } from '../exact-units.ts';
import { groupOf, measureAmount, measureProbability } from '../tally-predictions.ts';
import type { CellSums } from './cell-sums.ts';
import type { CustomerRows } from './customer-rows.ts';
import { type CountedPeriod, toDay, toDayName } from './periods.ts';

/** The cells of one action. They have a name of their own, so that those of the others are not read. */
export function reportOf(report: 'choices' | 'probabilities' | 'amounts', action: string): string {
  return `${report}/${action}`;
}

/** The window of which recent choices are counted. */
export const RECENT_DAYS = 28;

/**
 * Choices of actions with a reward by the day of the decision, by state; recent ones of all actions; and predicted against
 * observed rewards, of each action and of all. Returns the days with choices.
 */
export function addRewardCells(
  sums: CellSums,
  { rewards }: CustomerRows,
  periods: readonly CountedPeriod[],
): number[] {
  const recent = periods.find(({ name }) => name === `${RECENT_DAYS}d`) as CountedPeriod;
  for (const { action, at, state, propensity, explored, predicted, reward, money } of rewards) {
    const day = toDayName(toDay(at));
    const least = Number(propensity.toPrecision(2));
    sums.add(reportOf('choices', action), day, [state, least], 1, explored ? 1 : 0, toUnits(propensity));
    if (at >= recent.from && at < recent.to) sums.add('recent', recent.name, [action], 1, explored ? 1 : 0);
    if (state !== 'counted' || predicted === null || reward === null) continue;
    const measured = { predicted, reward, money };
    const [report, key, added] = money
      ? (['amounts', [], measureAmount(measured)] as const)
      : (['probabilities', [groupOf(predicted)], measureProbability(measured)] as const);
    for (const name of [report, reportOf(report, action)]) sums.add(name, day, [...key], ...added);
  }
  return rewards.map(({ at }) => toDay(at));
}
