import type { JudgedCandidate } from '../../../domain/candidate.ts';
import { listHolds } from '../tally-holds.ts';
import type { CellSums } from './cell-sums.ts';
import type { CustomerRows } from './customer-rows.ts';

const PREFIX = 'holds/';

/** The first version of the counts that has these cells. */
export const HOLDS_SINCE = 4;

/** The report whose cells are about one journey, so that a report reads no others. */
export const holdsOf = (journey: string): string => `${PREFIX}${journey}`;

export const isHolds = (report: string): boolean => report.startsWith(PREFIX);

/**
 * What held journeys back in a decision, each key with decisions and those of them in which the journey did nothing:
 * `[]` for all decisions, `[action, gate, code, rule]` for those in which the rule blocked; action null: any.
 */
export function addHolds(
  sums: CellSums,
  day: string,
  candidates: readonly JudgedCandidate[],
  journeyOf: CustomerRows['journeyOf'],
): void {
  for (const { journey, held, keys } of listHolds(candidates, journeyOf))
    for (const key of [[], ...keys]) sums.add(holdsOf(journey), day, key, 1, held ? 1 : 0);
}
