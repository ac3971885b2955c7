import { DAY, lastDays, type Period, toDay } from '../../format/period.ts';

/** The lengths that are offered, in days. The API takes 366 at most. */
export const LENGTHS = [7, 28, 90, 365] as const;
const DEFAULT_LENGTH = 90;

/** The period of the URL; where it names none or nonsense, the last 90 days. */
export function readPeriod({ from, to }: Partial<Period>, now = Date.now()): Period {
  const usual = lastDays(DEFAULT_LENGTH, now);
  const period = { from: isDay(from) ? from : usual.from, to: isDay(to) ? to : usual.to };
  return period.from < period.to ? period : usual;
}

/** How many days a period has. */
export function countDays({ from, to }: Period): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
}

/** The day before the end: what people call the last day. */
export const lastDayOf = ({ to }: Period): string => toDay(Math.round(Date.parse(to) / DAY) - 1);

/** The end of a period whose last day this is. */
export const dayAfter = (day: string): string => toDay(Math.round(Date.parse(day) / DAY) + 1);

function isDay(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}
