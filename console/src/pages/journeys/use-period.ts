import { useMemo } from 'react';
import { lastDays, type Period } from '../../format/period.ts';

/** A window that the service counts: its reports are read from the counts, however many customers there are. */
const DAYS = 28;

/** The last 28 days, for reports: whole days in UTC, with today. */
export function usePeriod(): Period {
  const { to } = lastDays(DAYS);
  return useMemo(() => lastDays(DAYS, Date.parse(to) - 1), [to]);
}
