import { useMemo } from 'react';

const DAY = 86_400_000;
const DAYS = 30;

/** The last 30 days, for reports: whole days in UTC, with today. */
export function usePeriod(): { from: string; to: string } {
  const today = Math.floor(Date.now() / DAY);
  return useMemo(() => ({ from: toDate(today + 1 - DAYS), to: toDate(today + 1) }), [today]);
}

const toDate = (day: number) => new Date(day * DAY).toISOString().slice(0, 10);
