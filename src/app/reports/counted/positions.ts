import type { JourneyCount } from '../../../../db/journeys/journey-counts.ts';
import type { ParkedCount } from '../../../../db/journeys/parked-customers.ts';
import type { StepTime } from '../../../../db/journeys/step-times.ts';
import type { Instant } from '../../../domain/time/time.ts';
import { groupBy } from '../../../domain/values/group-by.ts';
import type { Cell } from './counted-cells.ts';

/** Enrollments by journey and arm, from the cells of `journeys`. */
export function listJourneyCounts(cells: readonly Cell[]): JourneyCount[] {
  return cells.map(({ key, sums: [open = 0, ended = 0, goal = 0, stuck = 0] }) => {
    const [journey, arm] = key as [string, JourneyCount['arm']];
    return { journey, arm, open, ended, goal, stuck };
  });
}

/** Open enrollments by step, from the cells of `positions`. */
export function listParked(cells: readonly Cell[]): ParkedCount[] {
  const parked = cells.map(({ key, sums: [customers = 0] }) => {
    const [journey, step, state, version, pinned] = key as [
      string,
      string,
      ParkedCount['state'],
      number,
      boolean,
    ];
    return { journey, step, state, version, pinned, customers };
  });
  const place = ({ journey, step, state }: ParkedCount) => `${journey} ${step} ${state}`;
  return parked.sort((a, b) =>
    place(a) === place(b)
      ? a.version - b.version || Number(a.pinned) - Number(b.pinned)
      : place(a) < place(b)
        ? -1
        : 1,
  );
}

/** How long customers have been at steps, from the cells of `since`: to the hour, and after a week to the day. */
export function listTimes(cells: readonly Cell[], now: Instant): StepTime[] {
  const spans = cells.map(({ key, sums: [customers = 0] }) => {
    const [, step, from, length] = key as [string, string, number, number];
    return { step, since: from + length / 2, customers };
  });
  return [...groupBy(spans, ({ step }) => step)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([step, own]) => {
      const sorted = own.sort((a, b) => b.since - a.since);
      const customers = sorted.reduce((sum, span) => sum + span.customers, 0);
      const timeOf = (share: number) => {
        let before = 0;
        const span = sorted.find((item) => {
          before += item.customers;
          return before >= share * customers;
        });
        return Math.max(0, Math.round(now - (span?.since ?? now)));
      };
      return { step, customers, p50: timeOf(0.5), p90: timeOf(0.9) };
    });
}
