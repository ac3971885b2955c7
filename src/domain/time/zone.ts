import { DAY, type Instant, MINUTE } from './time.ts';

/**
 * A time zone's rules as plain data: from each instant on, that many minutes east of UTC.
 * The rules come from a bundled table and are recorded with the decision. Node's `Intl` changes its rules with every
 * build, so that the same inputs would no longer give the same decision (I7).
 */
export interface Zone {
  name: string;
  /** Version of the time-zone table, e.g. `2026a`. */
  version: string;
  /** Ascending. The first also holds for all earlier instants. */
  offsets: { from: Instant; minutes: number }[];
}

export const UTC: Zone = { name: 'UTC', version: '', offsets: [{ from: 0, minutes: 0 }] };

function offsetAt(zone: Zone, at: Instant): number {
  let minutes = zone.offsets[0]?.minutes ?? 0;
  for (const offset of zone.offsets) {
    if (offset.from > at) break;
    minutes = offset.minutes;
  }
  return minutes * MINUTE;
}

/** The wall-clock reading of an instant in the zone, as if it were UTC. */
export function toLocal(zone: Zone, at: Instant): number {
  return at + offsetAt(zone, at);
}

/** The first instant at which the zone's clocks read `local`. A reading inside a DST gap maps to the end of the gap. */
function fromLocal(zone: Zone, local: number): Instant {
  const readings = zone.offsets.map((offset, index) => {
    const start = index === 0 ? Number.NEGATIVE_INFINITY : offset.from;
    const end = zone.offsets[index + 1]?.from ?? Number.POSITIVE_INFINITY;
    return { start, end, at: local - offset.minutes * MINUTE };
  });
  const exact = readings.find((r) => r.at >= r.start && r.at < r.end);
  if (exact) return exact.at;
  const gap = readings.find((r) => r.at < r.start);
  return gap ? gap.start : local;
}

/** Minutes since local midnight. */
export function minuteOfDay(zone: Zone, at: Instant): number {
  const local = toLocal(zone, at);
  return Math.floor((((local % DAY) + DAY) % DAY) / MINUTE);
}

/** The local date of an instant, in days since 1970-01-01. */
export function localDay(zone: Zone, at: Instant): number {
  return Math.floor(toLocal(zone, at) / DAY);
}

/** The instant at which the local clock reads `minute` (minutes since midnight) on a local date. */
export function instantAtLocal(zone: Zone, day: number, minute: number): Instant {
  return fromLocal(zone, day * DAY + minute * MINUTE);
}

/** The local calendar month that contains an instant, from its first midnight to the first midnight of the next. */
export function monthAround(zone: Zone, at: Instant): { from: Instant; until: Instant } {
  const date = new Date(toLocal(zone, at));
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  const first = (ahead: number) => instantAtLocal(zone, Date.UTC(year, month + ahead, 1) / DAY, 0);
  return { from: first(0), until: first(1) };
}

/**
 * The first instant after `at` at which the local clock reads `minute` (minutes since midnight), on one of these
 * weekdays (0 = Sunday; null: any).
 */
export function nextLocalMinute(
  zone: Zone,
  at: Instant,
  minute: number,
  days: readonly number[] | null = null,
): Instant {
  const today = localDay(zone, at);
  // Start a day early: before the first known rule of the zone, an instant may read an hour too late.
  for (let day = today - 1; day <= today + 8; day++) {
    const candidate = instantAtLocal(zone, day, minute);
    if (candidate > at && (days === null || days.includes(weekday(day)))) return candidate;
  }
  return at + DAY;
}

/** 0 = Sunday. 1970-01-01 was a Thursday. */
function weekday(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** Reads `HH:MM` as minutes since midnight. */
export function parseTimeOfDay(text: string): number | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
  return match ? Number(match[1]) * 60 + Number(match[2]) : undefined;
}

/** Whether `minute` lies within `from`–`to`, which may span midnight. */
export function isWithinDaily(minute: number, from: number, to: number): boolean {
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}
