import { lookUpZone } from '../../app/time-zones.ts';
import { readInstantText, readTime } from '../../domain/time/read-time.ts';
import { DAY, type Instant, MINUTE, toDate } from '../../domain/time/time.ts';
import { instantAtLocal } from '../../domain/time/zone.ts';
import { readNumber } from '../../domain/values/read-number.ts';

/** How a file writes numbers and times. */
export interface Notation {
  /** `comma`: 1.299,00; `point`: 1,299.00. Without it, separators of thousands are not read: they may be either. */
  decimal?: 'comma' | 'point' | undefined;
  /** The order of day, month and year in dates such as 12.11.2026. */
  dates?: 'dmy' | 'mdy' | undefined;
  /** Of times without an offset. Default: UTC. */
  timezone?: string | undefined;
  /** The time of what has none. */
  undated?: Instant | undefined;
}

const DATE = /^(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[ ,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;
const WITH_OFFSET = /(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)$/i;
const GROUPED = { comma: /^-?\d{1,3}(\.\d{3})+(,\d+)?$/, point: /^-?\d{1,3}(,\d{3})+(\.\d+)?$/ };

/** Reads a number; null if it is none in this notation. */
export function readFileNumber(value: unknown, { decimal }: Notation): number | null {
  if (typeof value !== 'string' || decimal === undefined) return readNumber(value);
  const text = value.trim();
  const [thousands, point] = decimal === 'comma' ? ['.', ','] : [',', '.'];
  const plain = GROUPED[decimal].test(text) ? text.replaceAll(thousands, '') : text;
  if (plain.includes(thousands)) return null;
  return readNumber(point === ',' ? plain.replace(',', '.') : plain);
}

/** Reads a time; undefined if it is none in this notation. */
export function readFileTime(value: unknown, notation: Notation): Instant | undefined {
  const text = typeof value === 'string' ? value.trim() : value;
  if (typeof text !== 'string') return readTime(text);
  const local = notation.dates === undefined ? undefined : readLocalDate(text, notation.dates);
  if (local !== undefined) return fromWallClock(local, notation.timezone);
  const isLocal = notation.timezone !== undefined && !hasOffset(text);
  if (!isLocal) return readTime(text);
  const reading = readInstantText(text);
  return reading.kind === 'instant' ? fromWallClock(reading.at, notation.timezone) : readTime(text);
}

/** Whether a time says its offset from UTC. Java appends the name of the zone in brackets. */
function hasOffset(text: string): boolean {
  const bracket = text.indexOf('[');
  return WITH_OFFSET.test(text.slice('2026-11-12'.length, bracket < 0 ? undefined : bracket));
}

/** A date such as 12.11.2026 10:15, as if it were UTC. */
function readLocalDate(text: string, order: 'dmy' | 'mdy'): number | undefined {
  const match = DATE.exec(text);
  if (!match) return undefined;
  const [first, second, year, hour = 0, minute = 0, seconds = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const [day, month] = order === 'dmy' ? [first, second] : [second, first];
  const at = Date.UTC(year as number, (month as number) - 1, day, hour, minute, seconds);
  const date = toDate(at);
  return date.getUTCDate() === day && date.getUTCMonth() === (month as number) - 1 ? at : undefined;
}

function fromWallClock(local: number, timezone = 'UTC'): Instant {
  if (timezone === 'UTC') return local;
  const zone = lookUpZone(timezone, 'UTC', local);
  const day = Math.floor(local / DAY);
  const minute = Math.floor((local - day * DAY) / MINUTE);
  return instantAtLocal(zone, day, minute) + (local % MINUTE);
}
