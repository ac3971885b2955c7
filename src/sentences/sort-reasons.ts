import { readInstant } from './read-value.ts';

interface Reason {
  liftsAt?: string | number | null;
  liftsOn?: string | null;
}

/** The reason that lasts longest first: what nothing lifts, then what only an event lifts, then by time. */
export function sortReasons<T extends Reason>(reasons: readonly T[]): T[] {
  return [...reasons].sort((a, b) => rankReason(b) - rankReason(a));
}

function rankReason({ liftsAt, liftsOn }: Reason): number {
  const at = readInstant(liftsAt);
  if (at !== null) return at;
  return liftsOn === null || liftsOn === undefined ? Number.MAX_VALUE : Number.MAX_SAFE_INTEGER;
}
