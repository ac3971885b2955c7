import type { Enrollment } from '../../../domain/state.ts';
import { measureJson } from '../../../domain/values/byte-length.ts';

/** Open enrollments of a customer, and of one journey. Each decision reads all of them. */
const MOST_ENROLLMENTS = 200;
const MOST_OF_JOURNEY = 100;
/** Size of what opened them, and of their variables, all together. */
const MOST_BYTES = 512 * 1024;
/** So few are within the size: an event has at most 32 kB. */
const SMALL_NUMBER = 12;

/**
 * Whether a customer has room for one more enrollment. A sender could otherwise open one with each event, and the
 * customer's decisions would become so large that they fail.
 */
export function hasRoom(open: readonly Enrollment[], next: Pick<Enrollment, 'journey' | 'entry'>): boolean {
  if (open.length < SMALL_NUMBER) return true;
  if (open.length >= MOST_ENROLLMENTS) return false;
  if (open.filter(({ journey }) => journey === next.journey).length >= MOST_OF_JOURNEY) return false;
  const bytes = open.reduce((sum, { entry, vars }) => sum + measureEntry(entry) + measureJson(vars), 0);
  return bytes + measureEntry(next.entry) <= MOST_BYTES;
}

const measured = new WeakMap<Enrollment['entry'], number>();

/** Entries never change, so each is measured once. */
function measureEntry(entry: Enrollment['entry']): number {
  const known = measured.get(entry);
  if (known !== undefined) return known;
  const bytes = measureJson(entry.properties);
  measured.set(entry, bytes);
  return bytes;
}
