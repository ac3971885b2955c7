import { createRequire } from 'node:module';
import { DAY, type Instant, MINUTE, toDate } from '../domain/time/time.ts';
import type { Zone } from '../domain/time/zone.ts';
import { readOffsetName } from '../domain/time/zone-name.ts';
import { BoundedCache } from '../domain/values/bounded-cache.ts';

// moment-timezone contains the IANA table, so the rules do not change with the build of Node. Only the table is used.
const moment = createRequire(import.meta.url)('moment-timezone') as typeof import('moment-timezone') & {
  tz: { dataVersion: string; zone(name: string): { untils: number[]; offsets: number[] } | null };
};

/**
 * Looks up a zone's rules around an instant, by a name as `readZoneName` gives it. The fallback takes the place of a name that
 * is missing or unknown.
 */
export type ZoneLookup = (name: string | undefined, fallback: string, around: Instant) => Zone;

/** Years ahead of the current one that a table covers: dates of the next two years must be computable today. */
const YEARS_AHEAD = 3;
/** Late events may be of the year before. */
const YEARS_BACK = 1;
/** Zones × years: far more than there are in use. Senders of invalid names must not grow the cache. */
const MAX_ZONES = 2_000;

const zones = new BoundedCache<Zone>({ maxEntries: MAX_ZONES, maxChars: 200_000, maxKeyChars: 100 });

/** The same object for all instants of a year: read-only. */
export const lookUpZone: ZoneLookup = (name, fallback, around) => {
  const usable = [name, fallback, 'UTC'].find(
    (candidate) => candidate !== undefined && isKnownZone(candidate),
  );
  if (usable === undefined) throw new Error(`the time-zone table has neither ${name} nor ${fallback}`);
  const year = toDate(around).getUTCFullYear();
  const key = `${usable} ${year}`;
  return zones.getOrCreate(key, () => buildZone(usable, year));
};

/** Whether the table has the zone, or the name is an offset. */
export function isKnownZone(name: string): boolean {
  return readOffsetName(name) !== undefined || moment.tz.zone(name) !== null;
}

function buildZone(name: string, year: number): Zone {
  const fixed = readOffsetName(name);
  if (fixed !== undefined)
    return { name, version: moment.tz.dataVersion, offsets: [{ from: 0, minutes: fixed / MINUTE }] };
  const rules = moment.tz.zone(name) as NonNullable<ReturnType<typeof moment.tz.zone>>;
  const begin = Date.UTC(year - YEARS_BACK, 0, 1) - 2 * DAY;
  const end = Date.UTC(year + YEARS_AHEAD, 0, 1) + 2 * DAY;
  const offsets: Zone['offsets'] = [];
  for (const [index, minutesWest] of rules.offsets.entries()) {
    const from = index === 0 ? Number.NEGATIVE_INFINITY : (rules.untils[index - 1] as number);
    const until = rules.untils[index] ?? Number.POSITIVE_INFINITY;
    if (until < begin || from > end) continue;
    offsets.push({ from: Math.max(from, begin), minutes: -minutesWest });
  }
  return { name, version: moment.tz.dataVersion, offsets };
}
