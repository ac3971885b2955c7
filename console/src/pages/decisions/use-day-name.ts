import { useCallback } from 'react';
import { useFormat } from '../../format/use-format.ts';

/** Writes a day of a report, `2026-11-29`, without its year. The days of reports are in UTC. */
export function useDayName(): (day: string) => string {
  const { locale } = useFormat();
  return useCallback(
    (day) =>
      new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
        new Date(day),
      ),
    [locale],
  );
}
