import { DAY, HOUR, type Instant, SECOND } from './time.ts';

/** The result of reading text in a form of ISO 8601. */
export type IsoReading =
  /** `day`: the calendar day, in days since 1970-01-01, if the text says its midnight. */
  | { kind: 'instant'; at: Instant; day: number | null }
  /** The form is right, but the calendar has no such day, or the clock no such time. */
  | { kind: 'no_such_day' }
  | { kind: 'no_such_time' }
  /** Another form. */
  | { kind: 'other' };

const LONGEST = 60;
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
/** An offset may be missing. Java appends the zone's name in brackets; the offset before it is what counts. */
const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)? ?(?:([Zz]|UTC|GMT|[+-]\d\d(?::?\d\d)?)(?:\[[\w/+-]+\])?)?$/;
/** The basic format: `20261112T101500Z`. */
const BASIC = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(?:(\d\d)(?:[.,](\d+))?)?([Zz]|[+-]\d\d(?:\d\d)?)?$/;

/** Seconds, milliseconds, microseconds or nanoseconds since 1970 as text. */
const DIGITS = /^-?(\d{9,10}(\.\d{1,9})?|\d{11,13}|\d{16}|\d{19})$/;
/** `202611121015` isn't a number of milliseconds of 1976, nor is `2026111210150000` one of microseconds of 2034. */
const CALENDAR_DIGITS =
  /^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d([0-5]\d\d\d)?$/;

/** Numbers below this are seconds, others milliseconds: it is the year 5138 in seconds, and 1973 in milliseconds. */
const FIRST_MILLIS = 1e11;
/** The year 2286, in seconds. Numbers between it and {@link FIRST_MILLIS} are neither. */
const LAST_SECONDS = 1e10;
const LAST_MILLIS = LAST_SECONDS * SECOND;
/** The last hours of the year 9999 in seconds: programs write it for "never". As milliseconds it is a morning of 1978. */
const NEVER = { from: 253_402_214_400, until: 253_402_300_800 };

/** No computer stamped anything earlier: such a time is a zero of some calendar, or a mistake. */
export const FIRST_STAMP: Instant = Date.UTC(1971, 0, 1);
/** Smaller numbers are counters, not times: it is in 1973. */
const SMALLEST_STAMP = 1e8;
/** The first year of the calendar: zero times of databases and of many languages are in it. */
const FIRST_YEAR_END: Instant = calendarInstant(2, 1, 1);
/** Midnight of 1970-01-01 on some clock of the world. */
const WIDEST_OFFSET = 14 * HOUR;

/**
 * Reads a time stamp that a program wrote: ISO 8601, or seconds or milliseconds since 1970. Without an offset it is UTC, on
 * every machine. Undefined for anything else, also for forms that JavaScript would guess at, and for zero times.
 */
export function readTime(value: unknown): Instant | undefined {
  const at = typeof value === 'string' ? readStampText(value) : readNumericTime(value, SMALLEST_STAMP);
  return at === undefined || at < FIRST_STAMP ? undefined : at;
}

/** Whether something was sent that {@link readTime} can't read. A zero time says nothing, as null does. */
export function isUnreadableTime(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return false;
  if (readTime(value) !== undefined) return false;
  if (typeof value === 'number') return !isZeroNumber(value);
  return typeof value !== 'string' || !isZeroStamp(value.trim());
}

/** The first days of the calendars of spreadsheets, databases and file systems. */
const FIRST_DAYS = /^(1899-12-3[01]|1900-01-0[01]|1601-01-01|1753-01-01)(?!\d)/;

function isZeroStamp(text: string): boolean {
  return isZeroText(text) || FIRST_DAYS.test(text) || (/^-\d+$/.test(text) && isZeroNumber(Number(text)));
}

function readStampText(value: string): Instant | undefined {
  const reading = readIso(value);
  if (reading.kind === 'instant') return reading.at;
  if (reading.kind !== 'other') return undefined;
  return readDigits(value.trim(), SMALLEST_STAMP) ?? readHttpDate(value.trim());
}

/**
 * Whether the text is the zero of a calendar: `0`, `0000-00-00 00:00:00`, `0001-01-01T00:00:00Z`, 1970-01-01.
 * @param widest how far the midnight of 1970-01-01 may be from that of UTC
 */
export function isZeroText(text: string, widest = WIDEST_OFFSET): boolean {
  if (text === '' || text === '0' || text.startsWith('0000-00-00')) return true;
  const reading = readIso(text);
  return reading.kind === 'instant' && (reading.at < FIRST_YEAR_END || Math.abs(reading.at) <= widest);
}

/** Reads an instant as text: ISO 8601, or seconds or milliseconds since 1970. Zero and small times are instants here. */
export function readInstantText(text: string): IsoReading {
  const reading = readIso(text);
  if (reading.kind !== 'other') return reading;
  const at = readDigits(text.trim(), 0);
  return at === undefined ? reading : { kind: 'instant', at, day: midnightOf(at) };
}

/**
 * Reads seconds, milliseconds, microseconds or nanoseconds since 1970, which their size tells apart. Undefined for what is
 * none of them, and below `smallest` seconds.
 */
export function readNumericTime(value: unknown, smallest = 0): Instant | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  const size = Math.abs(value);
  if (size < smallest) return undefined;
  if (size < LAST_SECONDS) return Math.floor(value * SECOND);
  if (size >= NEVER.from && size < NEVER.until) return Math.floor(value * SECOND);
  const unit = UNITS.find((per) => size >= FIRST_MILLIS * per && size < LAST_MILLIS * per);
  return unit === undefined ? undefined : Math.floor(value / unit);
}

/** Milliseconds, microseconds and nanoseconds, of which so many are a millisecond. */
const UNITS = [1, 1e3, 1e6];

/** The zero of the calendar, 0001-01-01, in seconds and milliseconds; and what Go's zero time is in nanoseconds. */
const ZERO_NUMBERS: readonly number[] = [-62_135_596_800, -62_135_596_800_000, -6_795_364_578_871_345_000];

/** Whether a number is the zero of a calendar: programs write it where there is no time. */
export function isZeroNumber(value: number): boolean {
  return value === 0 || ZERO_NUMBERS.includes(value);
}

function readDigits(text: string, smallest: number): Instant | undefined {
  return DIGITS.test(text) && !CALENDAR_DIGITS.test(text)
    ? readNumericTime(Number(text), smallest)
    : undefined;
}

/** The day whose midnight in UTC the instant is, in days since 1970-01-01; otherwise null. */
export function midnightOf(at: Instant): number | null {
  return at % DAY === 0 ? at / DAY : null;
}

/** Reads a date, or a date and a time, in ISO 8601. Checks the calendar: 31 February is no day of March. */
function readIso(value: string): IsoReading {
  const text = value.trim();
  if (text.length < 10 || text.length > LONGEST) return { kind: 'other' };
  const match = DATE_TIME.exec(text) ?? DATE.exec(text) ?? BASIC.exec(text);
  if (!match) return { kind: 'other' };
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = match;
  const date = calendarInstant(Number(year), Number(month), Number(day));
  if (!isSameDay(date, Number(month), Number(day))) return { kind: 'no_such_day' };
  const time = readClock(Number(hour), Number(minute), Number(second));
  const east = readOffset(offset);
  if (time === undefined || east === undefined) return { kind: 'no_such_time' };
  const local = date + time + Number(fraction.slice(0, 3).padEnd(3, '0'));
  return { kind: 'instant', at: local - east, day: midnightOf(local) };
}

/** Milliseconds since midnight. 24:00 is the next midnight; a leap second is the first of the next minute. */
function readClock(hour: number, minute: number, second: number): number | undefined {
  if (minute > 59 || second > 60 || hour > 24 || (hour === 24 && minute + second > 0)) return undefined;
  return ((hour * 60 + minute) * 60 + second) * SECOND;
}

/** Milliseconds east of UTC. */
function readOffset(offset: string | undefined): number | undefined {
  if (offset === undefined || !/^[+-]/.test(offset)) return 0;
  const digits = offset.replace(':', '');
  const [hours, minutes] = [Number(digits.slice(1, 3)), Number(digits.slice(3) || '0')];
  if (hours > 23 || minutes > 59) return undefined;
  return (digits.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60 * SECOND;
}

/** `Date.UTC` takes the years 0 to 99 for 1900 to 1999. */
function calendarInstant(year: number, month: number, day: number): Instant {
  return year > 99 ? Date.UTC(year, month - 1, day) : new Date(0).setUTCFullYear(year, month - 1, day);
}

function isSameDay(at: Instant, month: number, day: number): boolean {
  const date = new Date(at);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Reads RFC 3339 that Throughline wrote or a schema has checked. NaN for any other text. */
export function parseInstant(text: string): Instant {
  const reading = readIso(text);
  return reading.kind === 'instant' ? reading.at : Number.NaN;
}

const HTTP_DATE = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Reads a date in an HTTP header (RFC 9110): `Sun, 06 Nov 1994 08:49:37 GMT`. */
export function readHttpDate(text: string): Instant | undefined {
  const [, day, month = '', year, hour, minute, second] = HTTP_DATE.exec(text) ?? [];
  if (day === undefined || !MONTHS.includes(month)) return undefined;
  const name = String(MONTHS.indexOf(month) + 1).padStart(2, '0');
  const reading = readIso(`${year}-${name}-${day}T${hour}:${minute}:${second}Z`);
  return reading.kind === 'instant' ? reading.at : undefined;
}
