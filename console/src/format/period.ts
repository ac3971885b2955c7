export const DAY = 86_400_000;

/** A period of whole days (UTC), as the API takes it: without the last day. */
export interface Period {
  from: string;
  to: string;
}

/** The period that ends with today. */
export function lastDays(days: number, now = Date.now()): Period {
  const end = Math.floor(now / DAY) + 1;
  return { from: toDay(end - days), to: toDay(end) };
}

/** A day since 1970 as `2026-11-29`. */
export function toDay(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}
