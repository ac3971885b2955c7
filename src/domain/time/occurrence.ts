import type { DateEntry } from '../definition.ts';
import {
  calendarDay,
  type DateReading,
  dateText,
  dayNumber,
  dayOfText,
  localDate,
  sentDay,
} from './calendar-date.ts';
import { midnightOf } from './read-time.ts';
import { DAY, type Instant, type Millis } from './time.ts';
import { instantAtLocal, localDay, toLocal, type Zone } from './zone.ts';

/** One occurrence of a date: the local date that names it, and the instant at which it is due. */
export interface Occurrence {
  /** `YYYY-MM-DD`. */
  on: string;
  at: Instant;
}

type Rule = Pick<DateEntry, 'offset' | 'at' | 'repeat' | 'leapDay' | 'grace'>;

/** A yearly date does not come twice within so many days, even if it is moved or the customer changes the time zone. */
const YEARLY_GAP = 300;

/**
 * The occurrence to wait for; null if no further one comes. A one-off date that is past is returned too, since the
 * caller decides whether it is skipped.
 * @param last local date of the previous occurrence, if any
 */
export function nextOccurrence(
  rule: Rule,
  reading: DateReading,
  zone: Zone,
  now: Instant,
  last: string | null,
): Occurrence | null {
  if (rule.repeat === 'year') return nextYearly(rule, reading, zone, now, last);
  const day = localDate(reading, zone);
  if (day === undefined) return null;
  const occurrence = occurrenceOf(rule, day, zone);
  if (last === null) return occurrence;
  // In another zone the same instant has another local date, so a neighbouring day is the same occurrence.
  const near = reading.kind === 'instant' ? 1 : 0;
  return dayOfText(occurrence.on) > dayOfText(last) + near ? occurrence : null;
}

function nextYearly(
  rule: Rule,
  reading: DateReading,
  zone: Zone,
  now: Instant,
  last: string | null,
): Occurrence | null {
  const first = firstDate(reading, zone, now);
  const { month, day } = reading.kind === 'yearly' ? reading : calendarDay(first ?? 0);
  if (reading.kind !== 'yearly' && first === undefined) return null;
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

/** The date that a yearly date begins with. Of an instant that comes every year, only the day can be meant. */
function firstDate(reading: DateReading, zone: Zone, now: Instant): number | undefined {
  if (reading.kind !== 'instant') return sentDay(reading);
  return reading.midnightOf ?? midnightOf(reading.at) ?? seasonalDate(reading.at, zone, now);
}

/**
 * Local date of an instant of long ago, by today's offset of the same season. The zone's rules of that year are not
 * loaded, and a birthday given as midnight in summer time must not fall on the day before.
 */
function seasonalDate(at: Instant, zone: Zone, now: Instant): number {
  const date = new Date(at);
  const year = new Date(now).getUTCFullYear();
  const inYear = (y: number) => Date.UTC(y, date.getUTCMonth(), date.getUTCDate(), date.getUTCHours());
  const season = inYear(year) >= now ? inYear(year) : inYear(year + 1);
  return Math.floor((at + toLocal(zone, season) - season) / DAY);
}

/** Whole days of the offset are local days, so that 09:00 stays 09:00 across a change of clocks. The rest is hours. */
function occurrenceOf({ offset, at }: Rule, day: number, zone: Zone): Occurrence {
  const days = Math.floor(offset / DAY);
  const on = day + days;
  return { on: dateText(on), at: instantAtLocal(zone, on, at) + (offset - days * DAY) };
}

/**
 * The instant at which a wait for a date ends: the customer's midnight of the day that was sent, or an instant, plus the
 * offset. For a yearly day it is the first one after `since`. Undefined if the reading is no date.
 */
export function computeDateDue(
  reading: DateReading,
  offset: Millis,
  zone: Zone,
  since: Instant,
): Instant | undefined {
  const day = sentDay(reading);
  if (day !== undefined) return midnight(day, offset, zone);
  if (reading.kind === 'instant') return reading.at + offset;
  if (reading.kind !== 'yearly') return undefined;
  const { year } = calendarDay(localDay(zone, since - offset));
  const coming = [year - 1, year, year + 1, year + 2].map((y) =>
    midnight(dayNumber(y, reading.month, reading.day), offset, zone),
  );
  return coming.find((at) => at > since);
}

function midnight(day: number, offset: Millis, zone: Zone): Instant {
  const days = Math.floor(offset / DAY);
  return instantAtLocal(zone, day + days, 0) + (offset - days * DAY);
}
