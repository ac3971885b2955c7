import type { GateVerdict } from '../../domain/candidate.ts';
import type { SharedUse } from '../../domain/facts.ts';
import type { Instant, Millis } from '../../domain/time/time.ts';
import { EVER } from '../look-back.ts';
import { block } from './gate.ts';

/** A sliding window that holds so many contacts and no more. */
export interface WindowLimit {
  max: number;
  /** Null: for ever. */
  per: Millis | null;
}

/** Who has counted, and what a full window is called. */
export interface WindowRule {
  gate: string;
  rule: string;
  code: string;
}

/** Blocked when the window holds `max` or more; it lifts when enough of them have left the window. Null: there is room. */
export function judgeWindow(
  { gate, rule, code }: WindowRule,
  counted: { at: Instant }[],
  { max, per }: WindowLimit,
  now: Instant,
): GateVerdict | null {
  const inside = counted.filter((c) => per === null || c.at + per > now);
  if (inside.length < max) return null;
  inside.sort((a, b) => a.at - b.at);
  const freeing = inside[inside.length - max];
  const liftsAt = per === null || !freeing ? null : freeing.at + per;
  return block(gate, code, { rule, observed: inside.length, needed: max, liftsAt });
}

/** The same of a window that is shared with others, as it was counted. */
export function judgeSharedWindow(
  { gate, rule, code }: WindowRule,
  { cap, used, freeIn }: SharedUse,
  now: Instant,
): GateVerdict | null {
  if (used < cap.max) return null;
  const liftsAt = freeIn === null || cap.per >= EVER ? null : now + freeIn;
  return block(gate, code, { rule, observed: used, needed: cap.max, liftsAt });
}
