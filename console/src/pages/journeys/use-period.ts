import { useMemo } from 'react';
import { lastDays, type Period } from '../../format/period.ts';

const DAYS = 30;

/** The last 30 days, for reports: whole days in UTC, with today. */
export function usePeriod(): Period {
  const { to } = lastDays(DAYS);
  return useMemo(() => lastDays(DAYS, Date.parse(to) - 1), [to]);
}
