import type { JourneyEvent } from '../event.ts';
import type { Instant } from '../time/time.ts';
import { getOwn } from '../values/get-own.ts';
import { limitCounts, type Room } from './room.ts';

/** How often each event happened, and when first and last. */
export type Counts = Record<string, { n: number; first: Instant; last: Instant }>;

/** Counts an event, in place. Returns the names of counters that it replaced. */
export function countEvent(
  counts: Counts,
  { name, at }: Pick<JourneyEvent, 'name' | 'at'>,
  room?: Room,
): string[] {
  const counter = getOwn(counts, name);
  if (counter) {
    counter.n++;
    counter.first = Math.min(counter.first, at);
    counter.last = Math.max(counter.last, at);
    return [];
  }
  if (name === '__proto__') return [];
  counts[name] = { n: 1, first: at, last: at };
  return limitCounts(counts, room);
}

/** The counters of two customers, as if one log had been counted. */
export function mergeCounts(a: Counts, b: Counts, room?: Room): { counts: Counts; dropped: string[] } {
  const counts = { ...a };
  for (const [name, count] of Object.entries(b)) {
    const current = getOwn(counts, name);
    counts[name] = current
      ? {
          n: current.n + count.n,
          first: Math.min(current.first, count.first),
          last: Math.max(current.last, count.last),
        }
      : count;
  }
  return { counts, dropped: limitCounts(counts, room) };
}
