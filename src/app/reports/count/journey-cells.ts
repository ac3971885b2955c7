import type { CellSums } from './cell-sums.ts';
import type { CustomerRows } from './customer-rows.ts';
import { toDay, toDayName } from './periods.ts';

/** Enrollments by the day on which they began: how they ended, and how far treated ones came. */
export function addJourneyCells(sums: CellSums, { enrollments, moves }: CustomerRows): void {
  for (const { id, journey, arm, excluded, enteredAt, goalAt, endedAt, reason } of enrollments) {
    const day = toDayName(toDay(enteredAt));
    const isOpen = endedAt === null;
    sums.add('enrolled', day, [journey, arm], 1, isOpen ? 1 : 0, goalAt === null ? 0 : 1, excluded ? 1 : 0);
    if (!isOpen) sums.add('ends', day, [journey, arm, reason ?? ''], 1);
    if (arm !== 'treated') continue;
    const walked = moves[id];
    for (const step of walked?.steps ?? [null]) sums.add('steps', day, [journey, step], 1);
    const stands = walked?.last[2] ?? null;
    sums.add('stands', day, [journey, stands, isOpen ? null : (reason ?? '')], 1);
  }
}
