import type { StoredCells } from '../../../../db/schema/json.ts';
import { DAY } from '../../../domain/time/time.ts';
import { addAttributionCells, COUNTED_ATTRIBUTION, listAttributedInstants } from './attribution-cells.ts';
import { CellSums } from './cell-sums.ts';
import type { CustomerRows } from './customer-rows.ts';
import { addDecisionCells } from './decision-cells.ts';
import { addEffectCells } from './effect-cells.ts';
import { addJourneyCells } from './journey-cells.ts';
import { type CountedPeriod, toDay } from './periods.ts';
import { addPositionCells } from './position-cells.ts';
import { addRetentionCells } from './retention-cells.ts';
import { addRewardCells } from './reward-cells.ts';
import { addValueCells } from './value-cells.ts';

const LOOKBACK = COUNTED_ATTRIBUTION.lookbackDays * DAY;

/** The cells of one customer, and the days on which something happened that windows hold. */
export function countCustomer(
  rows: CustomerRows,
  periods: CountedPeriod[],
  day: number,
): { cells: StoredCells; days: number[] } {
  const sums = new CellSums();
  addValueCells(sums, rows, periods);
  addEffectCells(sums, rows);
  addJourneyCells(sums, rows);
  addRetentionCells(sums, rows);
  if (rows.attributed) addAttributionCells(sums, rows.attributed, periods, LOOKBACK);
  const chosen = addRewardCells(sums, rows, periods);
  const stood = addPositionCells(sums, rows, day);
  const decided = addDecisionCells(sums, rows, periods);
  const { kpis, activeDays, enrollments, deliveries, attributed } = rows;
  const instants = [
    ...kpis.purchases.map(({ at }) => at),
    ...kpis.advocacy,
    ...enrollments.map(({ enteredAt }) => enteredAt),
    ...deliveries.filter(({ variant }) => variant !== null).map(({ at }) => at),
    ...(attributed ? listAttributedInstants(attributed) : []),
  ];
  return {
    cells: sums.toStored(),
    days: [...activeDays, ...decided, ...chosen, ...stood, ...instants.map(toDay)],
  };
}
