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

/** Who has counted, and what a full window is called. */
export interface Counted {
  gate: string;
  rule: string;
  code: string;
}

/** Blocked when the window holds `max` or more; it lifts when enough of them have left the window. Null: there is room. */
export function full(
  { gate, rule, code }: Counted,
  counted: { at: Instant }[],
  { max, per }: Room,
  now: Instant,
): Verdict | null {
  const inside = counted.filter((c) => per === null || c.at + per > now);
  if (inside.length < max) return null;
  inside.sort((a, b) => a.at - b.at);
  const freeing = inside[inside.length - max];
  const liftsAt = per === null || !freeing ? null : freeing.at + per;
  return blocked(gate, code, { rule, observed: inside.length, needed: max, liftsAt });
}

/** The same of a window that is shared with others, as it was counted. */
export function fullTogether(
  { gate, rule, code }: Counted,
  { cap, used, freeIn }: SharedUse,
  now: Instant,
): Verdict | null {
  if (used < cap.max) return null;
  const liftsAt = freeIn === null || cap.per >= EVER ? null : now + freeIn;
  return blocked(gate, code, { rule, observed: used, needed: cap.max, liftsAt });
}
