import { EVENT } from '../event.ts';
import type { Instant } from '../time/time.ts';
import { measureJson, measureText } from '../values/byte-length.ts';
import { TOUCH_EVENTS } from './touch.ts';

/** What the definitions read of a customer, so that it always has room in the profile. */
export interface Room {
  /** Names of traits. */
  traits: string[];
  /** Names of the account's traits. */
  account: string[];
  /** Names of events whose number or time conditions read. */
  events: string[];
}

/** What was removed from a profile to stay within its limits. */
export interface Dropped {
  kind: 'traits' | 'counts' | 'orders';
  name: string;
}

/** Limits, so that no sender can grow a profile without bound. */
export const KEPT_COUNTS = 200;
export const KEPT_TRAITS = 200;
/** Size of all traits together, roughly as JSON. Above it values go that nothing reads. */
const TRAIT_BYTES = 64 * 1024;
/** What a trait has beside its name and value: time, source, and where it comes from. */
const ORIGIN_BYTES = 80;
/** Above this size even values that definitions read go, the oldest first. */
const MOST_TRAIT_BYTES = 4 * TRAIT_BYTES;

/** Traits that the product itself reads: addresses, language, local time. */
const OWN_TRAITS = ['email', 'phone', 'locale', 'timezone'];

/** Events that the product itself counts or looks for. */
const OWN_EVENTS: ReadonlySet<string> = new Set([...Object.values<string>(EVENT), ...TOUCH_EVENTS]);

/** Used where no definitions are known. */
const OWN_ROOM: Room = { traits: OWN_TRAITS, account: [], events: [] };

interface Limits<T> {
  most: number;
  at(entry: T): Instant;
  isRead(name: string): boolean;
}

/**
 * Removes entries beyond the limit, in place: first the oldest that nothing reads. What is read stays, however much it
 * is. Returns the names of the removed entries.
 */
function removeOldest<T>(record: Record<string, T>, { most, at, isRead }: Limits<T>): string[] {
  const names = Object.keys(record);
  if (names.length <= most) return [];
  const unread = names.filter((name) => !isRead(name)).sort(byAge(record, at));
  const removed = unread.slice(0, names.length - most);
  for (const name of removed) delete record[name];
  return removed;
}

/** Oldest first. Of two of the same time the one with the later name, since the order of keys is not kept. */
function byAge<T>(record: Record<string, T>, at: (entry: T) => Instant): (a: string, b: string) => number {
  return (a, b) => at(record[a] as T) - at(record[b] as T) || (a > b ? -1 : 1);
}

/** Keeps the counters within their number, in place. Returns the names of the removed ones. */
export function limitCounts(counts: Record<string, { last: Instant }>, room: Room = OWN_ROOM): string[] {
  if (Object.keys(counts).length <= KEPT_COUNTS) return [];
  const read = new Set(room.events);
  return removeOldest(counts, {
    most: KEPT_COUNTS,
    at: ({ last }) => last,
    isRead: (name) => read.has(name) || OWN_EVENTS.has(name),
  });
}

/**
 * Keeps traits within their number and their size, in place. Returns the names of the removed ones.
 * @param read names of traits that definitions read
 */
export function limitTraits(
  traits: Record<string, { value: unknown; at: Instant }>,
  read: readonly string[] = OWN_TRAITS,
): string[] {
  const names = Object.keys(traits);
  if (names.length <= KEPT_TRAITS && !isLarger(traits, TRAIT_BYTES)) return [];
  const allRead = new Set([...OWN_TRAITS, ...read]);
  const isRead = (name: string) => allRead.has(name);
  const removed = removeOldest(traits, { most: KEPT_TRAITS, at: ({ at }) => at, isRead });
  const unread = (name: string) => !allRead.has(name);
  return [
    ...removed,
    ...removeLargest(traits, TRAIT_BYTES, unread),
    ...removeLargest(traits, MOST_TRAIT_BYTES),
  ];
}

/** Removes values, the oldest first, until all together are small enough. */
function removeLargest(
  traits: Record<string, { value: unknown; at: Instant }>,
  bytes: number,
  may: (name: string) => boolean = () => true,
): string[] {
  const removed: string[] = [];
  let size = Object.entries(traits).reduce((sum, [name, trait]) => sum + measureTrait(name, trait), 0);
  if (size <= bytes) return removed;
  const oldest = byAge(traits, ({ at }) => at);
  for (const name of Object.keys(traits).filter(may).sort(oldest)) {
    if (size <= bytes) break;
    size -= measureTrait(name, traits[name] as { value: unknown });
    delete traits[name];
    removed.push(name);
  }
  return removed;
}

/** Whether traits may be larger than this. Fast path: nearly all are so small that their characters need no count. */
function isLarger(traits: Record<string, { value: unknown; at: Instant }>, bytes: number): boolean {
  let characters = 0;
  for (const [name, trait] of Object.entries(traits)) {
    const { value } = trait;
    characters += name.length;
    if ('other' in trait) characters += JSON.stringify(trait.other).length;
    if (typeof value === 'string') characters += value.length;
    else if (typeof value === 'object' && value !== null) characters += JSON.stringify(value).length;
  }
  return 3 * characters + 100 * Object.keys(traits).length > bytes;
}

function measureTrait(name: string, trait: { value: unknown }): number {
  const other = 'other' in trait ? measureJson(trait.other) : 0;
  return measureText(name) + measureJson(trait.value) + other + ORIGIN_BYTES;
}
