import { DAY, type Instant, iso } from './time.ts';
import { localDay, type Zone } from './zone.ts';

/** The result of reading a date. Months and days count from 1. */
export type DateReading =
  | { kind: 'day'; year: number; month: number; day: number }
  /** A day that comes every year. */
  | { kind: 'yearly'; month: number; day: number }
  | { kind: 'instant'; at: Instant }
  | { kind: 'missing' }
  | { kind: 'invalid'; text: string; reason: string };

const DAY_FORM = /^(\d{4})-(\d\d)-(\d\d)$/;
const YEARLY_FORM = /^(?:--)?(\d\d)-(\d\d)$/;
const INSTANT_FORM = /^(\d{4})-(\d\d)-(\d\d)[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)$/;
const LOCAL_FORM = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d/;

/** Accepted years: 1000 to 8999. All of them print as four digits. */
const FIRST = Date.UTC(1000, 0, 1);
const LAST = Date.UTC(9000, 0, 1);

/** How many characters of an invalid date are kept. */
const KEPT_CHARACTERS = 40;

/**
 * Reads a date: `YYYY-MM-DD`, `MM-DD` (every year), an instant in RFC 3339, a `Date`, or milliseconds since 1970.
 * Never throws: 31 February and other invalid text come back as `invalid`, with the reason.
 */
export function readDate(value: unknown): DateReading {
  if (value === null || value === undefined || value === '') return { kind: 'missing' };
  if (value instanceof Date) return instant(value.getTime(), 'a timestamp');
  if (typeof value === 'number') return instant(value, String(value));
  if (typeof value !== 'string') return invalid(typeof value, 'not a date: write YYYY-MM-DD');
  return readText(value.trim());
}

function readText(text: string): DateReading {
  const day = DAY_FORM.exec(text);
  if (day) {
    const [year, month, of] = day.slice(1).map(Number) as [number, number, number];
    return isDay(year, month, of) ? { kind: 'day', year, month, day: of } : noSuchDay(text);
  }
  const yearly = YEARLY_FORM.exec(text);
  if (yearly) {
    const [month, of] = yearly.slice(1).map(Number) as [number, number];
    return isDay(2000, month, of) ? { kind: 'yearly', month, day: of } : noSuchDay(text);
  }
  const full = INSTANT_FORM.exec(text);
  if (full) {
    const [year, month, of] = full.slice(1, 4).map(Number) as [number, number, number];
    return isDay(year, month, of) ? instant(Date.parse(text), text) : noSuchDay(text);
  }
  if (LOCAL_FORM.test(text)) return invalid(text, 'an instant needs its offset: end it with Z or +02:00');
  return invalid(text, 'not a date: write YYYY-MM-DD');
}

function instant(at: number, text: string): DateReading {
  if (!Number.isFinite(at)) return invalid(text, 'not an instant');
  if (at < FIRST || at >= LAST) return invalid(text, 'out of range: years 1000 to 8999');
  return { kind: 'instant', at: Math.floor(at) };
}

function noSuchDay(text: string): DateReading {
  return invalid(text, 'the calendar has no such day');
}

function invalid(text: string, reason: string): DateReading {
  return { kind: 'invalid', text: text.slice(0, KEPT_CHARACTERS), reason };
}

function isDay(year: number, month: number, day: number): boolean {
  return year >= 1000 && year < 9000 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function daysIn(year: number, month: number): number {
  return month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** A calendar date in days since 1970-01-01. In other years, 29 February falls on the day that `leapDay` names. */
export function dayNumber(
  year: number,
  month: number,
  day: number,
  leapDay: 'feb28' | 'mar1' = 'feb28',
): number {
  if (month !== 2 || day !== 29 || isLeap(year)) return Date.UTC(year, month - 1, day) / DAY;
  return Date.UTC(year, 1, 28) / DAY + (leapDay === 'mar1' ? 1 : 0);
}

/** Year, month and day of a local date given in days since 1970-01-01. */
export function calendarDay(day: number): { year: number; month: number; day: number } {
  const [year, month, of] = dateText(day).split('-').map(Number) as [number, number, number];
  return { year, month, day: of };
}

/** `YYYY-MM-DD` of a local date given in days since 1970-01-01. */
export function dateText(day: number): string {
  return iso(day * DAY).slice(0, 10);
}

/** Days since 1970-01-01 of a `YYYY-MM-DD` written by {@link dateText}. */
export function dayOfText(text: string): number {
  return Date.parse(`${text}T00:00:00Z`) / DAY;
}

/** The local date of a reading in days since 1970-01-01; undefined if it is not a single day. */
export function localDate(reading: DateReading, zone: Zone): number | undefined {
  if (reading.kind === 'day') return dayNumber(reading.year, reading.month, reading.day);
  if (reading.kind === 'instant') return localDay(zone, reading.at);
  return undefined;
}
