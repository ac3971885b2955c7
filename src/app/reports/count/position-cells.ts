import { DAY, HOUR, type Instant } from '../../../domain/time/time.ts';
import type { CellSums } from './cell-sums.ts';
import type { CustomerRows } from './customer-rows.ts';
import { toDay } from './periods.ts';

/** Days for which it is counted to the hour since when a customer is at a step. It is the shortest window. */
const TO_THE_HOUR = 7;

/**
 * Where enrollments are now. `journeys`: by arm, open and ended ones, reached goals, and those that are stuck.
 * `positions`: open ones by step. `since`: how many came to a step within an hour or day; without controls. Returns the
 * days since which they are there.
 */
export function addPositionCells(sums: CellSums, { enrollments }: CustomerRows, day: number): number[] {
  const days: number[] = [];
  for (const { journey, arm, goalAt, endedAt, step, state, since, version, pinned } of enrollments) {
    const isOpen = endedAt === null;
    const isStuck = isOpen && state === 'poison';
    sums.add(
      'journeys',
      '',
      [journey, arm],
      isOpen ? 1 : 0,
      isOpen ? 0 : 1,
      goalAt === null ? 0 : 1,
      isStuck ? 1 : 0,
    );
    if (!isOpen || step === null) continue;
    sums.add('positions', '', [journey, step, state, version, pinned], 1);
    if (since === null || state === 'control') continue;
    sums.add('since', '', [journey, step, ...toSpan(since, day)], 1);
    days.push(toDay(since));
  }
  return days;
}

/** The hour or day of an instant: when it begins, and how long it is. */
function toSpan(at: Instant, day: number): [from: Instant, length: number] {
  const length = toDay(at) + TO_THE_HOUR > day ? HOUR : DAY;
  return [Math.floor(at / length) * length, length];
}
