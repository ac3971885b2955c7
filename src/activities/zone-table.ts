import { createRequire } from 'node:module';
import { DAY, type Instant } from '../domain/time.ts';
import type { Zone } from '../domain/zone.ts';

// moment-timezone carries the IANA table with it, so its rules don't change with Node's build; nothing else of it is used.
const moment = createRequire(import.meta.url)('moment-timezone') as typeof import('moment-timezone') & {
  tz: { dataVersion: string; zone(name: string): { untils: number[]; offsets: number[] } | null };
};

/** Looks up a zone's rules around an instant; an unknown zone falls back to the second name. */
export type ZoneTable = (name: string, fallback: string, around: Instant) => Zone;

/** How far ahead a decision may have to reckon local time. */
const AHEAD = 400 * DAY;

export const zoneTable: ZoneTable = (name, fallback, around) => {
  const zone = moment.tz.zone(name) ?? moment.tz.zone(fallback) ?? moment.tz.zone('UTC');
  if (!zone) throw new Error(`the time-zone table has neither ${name} nor ${fallback}`);
  const offsets: Zone['offsets'] = [];
  for (const [index, minutesWest] of zone.offsets.entries()) {
    const from = index === 0 ? Number.NEGATIVE_INFINITY : (zone.untils[index - 1] as number);
    const until = zone.untils[index] ?? Number.POSITIVE_INFINITY;
    if (until < around - DAY || from > around + AHEAD) continue;
    offsets.push({ from: Math.max(from, around - 2 * DAY), minutes: -minutesWest });
  }
  return { name: moment.tz.zone(name) ? name : fallback, version: moment.tz.dataVersion, offsets };
};
