import type { Verdict } from '../domain/candidate.ts';
import type { SharedUse } from '../domain/context.ts';
import type { Instant, Millis } from '../domain/time.ts';
import { blocked } from './gate.ts';
import { EVER } from './windows.ts';

/** A sliding window that holds so many contacts and no more. */
export interface Room {
  max: number;
  /** Null: for ever. */
  per: Millis | null;
}

/** Blocked when the window holds `max` or more; it lifts when enough of them have left the window. */
export function full(
  gate: string,
  code: string,
  counted: { at: Instant }[],
  { max, per }: Room,
  now: Instant,
): Verdict[] {
  const inside = counted.filter((c) => per === null || c.at + per > now);
  if (inside.length < max) return [];
  inside.sort((a, b) => a.at - b.at);
  const freeing = inside[inside.length - max];
  const liftsAt = per === null || !freeing ? null : freeing.at + per;
  return [blocked(gate, code, { observed: inside.length, needed: max, liftsAt })];
}

/** The same of a window that is shared with others, as it was counted. */
export function fullTogether(gate: string, code: string, shared: SharedUse, now: Instant): Verdict[] {
  const { cap, used, freeIn } = shared;
  if (used < cap.max) return [];
  const liftsAt = freeIn === null || cap.per >= EVER ? null : now + freeIn;
  return [blocked(gate, code, { observed: used, needed: cap.max, liftsAt })];
}
