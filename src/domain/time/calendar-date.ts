import {
  isZeroNumber,
  isZeroText,
  midnightOf,
  parseInstant,
  readInstantText,
  readNumericTime,
} from './read-time.ts';
import { DAY, type Instant, iso } from './time.ts';
import { localDay, type Zone } from './zone.ts';

/** The result of reading a date. Months and days count from 1. */
export type DateReading =
  | { kind: 'day'; year: number; month: number; day: number }
  /** A day that comes every year. */
  | { kind: 'yearly'; month: number; day: number }
  /**
   * `midnightOf`: it was sent as midnight of that day (since 1970-01-01) in UTC, or on the clock whose offset was written.
   * Programs store a calendar day so.
   */
  | { kind: 'instant'; at: Instant; midnightOf?: number }
  | { kind: 'missing' }
  | { kind: 'invalid'; text: string; reason: string };

const DAY_FORM = /^(\d{4})-(\d\d)-(\d\d)$/;
/** The basic format of ISO 8601: `19901224`. */
const BASIC_DAY_FORM = /^(\d{4})(\d\d)(\d\d)$/;
const YEARLY_FORM = /^(?:--)?(\d\d)-(\d\d)$/;

/** Accepted years: 1000 to 8999. All of them print as four digits. */
const FIRST = Date.UTC(1000, 0, 1);
const LAST = Date.UTC(9000, 0, 1);

/** How many characters of an invalid date are kept. */
const KEPT_CHARACTERS = 40;

/** Smaller numbers are seconds of 1970 to 1973 only if they are whole quarters of an hour. Others are counters or years. */
const SMALL_NUMBER = 1e8;
const QUARTER = 15 * 60;

/**
 * Reads a date: `YYYY-MM-DD`, `MM-DD` (every year), an instant in ISO 8601 (without an offset: UTC), a `Date`, or seconds
 * or milliseconds since 1970. Zero times are missing: programs write them where there is no date. Never throws: 31
 * February and other invalid text come back as `invalid`, with the reason.
 */
export function readDate(value: unknown): DateReading {
  if (value === null || value === undefined || value === '' || value === false) return { kind: 'missing' };
  // A timestamp of CEL was computed, or made by `timestamp()`: it is meant as an instant.
  if (value instanceof Date) return instant(value.getTime(), 'a timestamp', null);
  if (typeof value === 'number') return readNumber(value);
  if (typeof value !== 'string') return invalid(typeof value, 'not a date: write YYYY-MM-DD');
  return readText(value.trim());
}

function readNumber(value: number): DateReading {
  const text = String(value);
  if (isZeroNumber(value)) return { kind: 'missing' };
  if (!Number.isFinite(value)) return invalid(text, 'not an instant');
  if (Math.abs(value) < SMALL_NUMBER && value % QUARTER !== 0)
    return invalid(text, 'a small number is no date: write YYYY-MM-DD');
  const at = readNumericTime(value);
  return at === undefined
    ? invalid(text, 'out of range: neither seconds nor milliseconds since 1970')
    : instant(at, text);
}

function readText(text: string): DateReading {
  const day = DAY_FORM.exec(text) ?? BASIC_DAY_FORM.exec(text);
  if (day) {
    const [year, month, of] = day.slice(1).map(Number) as [number, number, number];
    if (isDay(year, month, of)) return { kind: 'day', year, month, day: of };
    return year <= 1 ? { kind: 'missing' } : noSuchDay(text);
  }
  const yearly = YEARLY_FORM.exec(text);
  if (yearly) {
    const [month, of] = yearly.slice(1).map(Number) as [number, number];
    return isDay(2000, month, of) ? { kind: 'yearly', month, day: of } : noSuchDay(text);
  }
  if (isZeroText(text, 0)) return { kind: 'missing' };
  const full = readInstantText(text);
  if (full.kind === 'instant') return instant(full.at, text, full.day);
  if (full.kind === 'no_such_day') return noSuchDay(text);
  return invalid(text, full.kind === 'no_such_time' ? 'not an instant' : 'not a date: write YYYY-MM-DD');
}

function instant(at: number, text: string, day: number | null = midnightOf(at)): DateReading {
  if (!Number.isFinite(at)) return invalid(text, 'not an instant');
  if (at < FIRST || at >= LAST) return invalid(text, 'out of range: years 1000 to 8999');
  return { kind: 'instant', at: Math.floor(at), ...(day === null ? {} : { midnightOf: day }) };
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
  return parseInstant(text) / DAY;
}

/**
 * The calendar day that was sent, in days since 1970-01-01: a plain date, or midnight in UTC or on its own clock, which is
 * that day everywhere and not the evening before for customers west of Greenwich. Undefined for any other instant.
 */
export function sentDay(reading: DateReading): number | undefined {
  if (reading.kind === 'day') return dayNumber(reading.year, reading.month, reading.day);
  return reading.kind === 'instant' ? reading.midnightOf : undefined;
}

/** The local date of a reading in days since 1970-01-01; undefined if it is not a single day. */
export function localDate(reading: DateReading, zone: Zone): number | undefined {
  return sentDay(reading) ?? (reading.kind === 'instant' ? localDay(zone, reading.at) : undefined);
}
