import { DAY, type Instant, iso } from '../../../domain/time/time.ts';

/** Numbers per customer cannot be added up over days: they are counted for windows of so many days, and for months. */
export const WINDOWS = [7, 28, 90, 365] as const;
const MONTHS = 13;

/** A period for which customers are counted. */
export interface CountedPeriod {
  /** `28d`, or `2026-11`. */
  name: string;
  from: Instant;
  /** Exclusive. */
  to: Instant;
}

/** A day (UTC) as a number since 1970. */
export function toDay(at: Instant): number {
  return Math.floor(at / DAY);
}

/** A day as the period of cells, `YYYY-MM-DD`. */
export function toDayName(day: number): string {
  return iso(day * DAY).slice(0, 10);
}

/** The window of `days` that ends with this day. */
export function toWindow(days: number, day: number): CountedPeriod {
  return { name: `${days}d`, from: (day + 1 - days) * DAY, to: (day + 1) * DAY };
}

/** The windows that end with this day, and the months up to it. */
export function listPeriods(day: number): CountedPeriod[] {
  const [year, month] = iso(day * DAY)
    .split('-')
    .map(Number) as [number, number];
  return [
    ...WINDOWS.map((days) => toWindow(days, day)),
    ...Array.from({ length: MONTHS }, (_, ago) => {
      const from = Date.UTC(year, month - 1 - ago, 1);
      return { name: iso(from).slice(0, 7), from, to: Date.UTC(year, month - ago, 1) };
    }),
  ];
}

/**
 * The first day after `day` on which a window begins or ceases to hold something that happened on one of these days; null
 * if none will.
 */
export function findDueDay(days: Iterable<number>, day: number): number | null {
  let due: number | null = null;
  for (const happened of days)
    for (const change of [happened, ...WINDOWS.map((length) => happened + length)])
      if (change > day && (due === null || change < due)) due = change;
  return due;
}
