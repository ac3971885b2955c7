import type { DateEntry } from '../definition.ts';
import { calendarDay, type DateReading, dateText, dayNumber, dayOfText, localDate } from './calendar-date.ts';
import { DAY, type Instant, type Millis } from './time.ts';
import { instantAtLocal, localDay, toLocal, type Zone } from './zone.ts';

/** One coming of a date: the local date that names it, and the instant at which it is due. */
export interface Occurrence {
  /** `YYYY-MM-DD`. */
  on: string;
  at: Instant;
}

type Rule = Pick<DateEntry, 'offset' | 'at' | 'repeat' | 'leapDay' | 'grace'>;

/** A yearly date doesn't come twice within so many days, whatever it is moved to and wherever its customer flies. */
const YEARLY_GAP = 300;

/**
 * The occurrence to wait for, or null when the last one was the last. A one-off date that is past comes back all the
 * same: the caller says that it is skipped. `last` is the local date of the one that is over, if any.
 */
export function nextOccurrence(
  rule: Rule,
  said: DateReading,
  zone: Zone,
  now: Instant,
  last: string | null,
): Occurrence | null {
  if (rule.repeat === 'year') return nextYearly(rule, said, zone, now, last);
  const day = localDate(said, zone);
  if (day === undefined) return null;
  const occurrence = occurrenceOf(rule, day, zone);
  if (last === null) return occurrence;
  // An instant is another local date elsewhere: the day after or before the last one is the last one.
  const near = said.kind === 'instant' ? 1 : 0;
  return dayOfText(occurrence.on) > dayOfText(last) + near ? occurrence : null;
}

function nextYearly(
  rule: Rule,
  said: DateReading,
  zone: Zone,
  now: Instant,
  last: string | null,
): Occurrence | null {
  const first = said.kind === 'instant' ? seasonalDate(said.at, zone, now) : localDate(said, zone);
  const { month, day } = said.kind === 'yearly' ? said : calendarDay(first ?? 0);
  if (said.kind !== 'yearly' && first === undefined) return null;
  const around = calendarDay(localDay(zone, now - rule.offset)).year;
  for (let year = around - 1; year <= around + 3; year++) {
    const base = dayNumber(year, month, day, rule.leapDay);
    if (first !== undefined && base < first) continue;
    const occurrence = occurrenceOf(rule, base, zone);
    const again = last !== null && dayOfText(occurrence.on) < dayOfText(last) + YEARLY_GAP;
    if (!again && occurrence.at + rule.grace >= now) return occurrence;
  }
  const ahead = first === undefined ? null : occurrenceOf(rule, first, zone);
  return ahead !== null && ahead.at > now ? ahead : null;
}

/**
 * Local date of an instant of long ago, by the clocks of that time of the year as they go now: the zone's rules of
 * back then aren't known, and a birthday said as midnight in summer time must not fall on the day before.
 */
function seasonalDate(at: Instant, zone: Zone, now: Instant): number {
  const said = new Date(at);
  const year = new Date(now).getUTCFullYear();
  const inYear = (y: number) => Date.UTC(y, said.getUTCMonth(), said.getUTCDate(), said.getUTCHours());
  const season = inYear(year) >= now ? inYear(year) : inYear(year + 1);
  return Math.floor((at + toLocal(zone, season) - season) / DAY);
}

/** Whole days of the offset are local ones, so that 09:00 stays 09:00 across a change of clocks; the rest are hours. */
function occurrenceOf({ offset, at }: Rule, day: number, zone: Zone): Occurrence {
  const days = Math.floor(offset / DAY);
  const on = day + days;
  return { on: dateText(on), at: instantAtLocal(zone, on, at) + (offset - days * DAY) };
}

/**
 * The instant that a wait for a date means: an instant itself, a day its local midnight, each plus the offset; a day of
 * every year the next one after `since`. Undefined for what isn't a date.
 */
export function computeDateDue(
  said: DateReading,
  offset: Millis,
  zone: Zone,
  since: Instant,
): Instant | undefined {
  if (said.kind === 'instant') return said.at + offset;
  if (said.kind === 'day') return midnight(dayNumber(said.year, said.month, said.day), offset, zone);
  if (said.kind !== 'yearly') return undefined;
  const { year } = calendarDay(localDay(zone, since - offset));
  const coming = [year - 1, year, year + 1, year + 2].map((y) =>
    midnight(dayNumber(y, said.month, said.day), offset, zone),
  );
  return coming.find((at) => at > since);
}

function midnight(day: number, offset: Millis, zone: Zone): Instant {
  const days = Math.floor(offset / DAY);
  return instantAtLocal(zone, day + days, 0) + (offset - days * DAY);
}
