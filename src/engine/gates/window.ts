import type { GateVerdict } from '../../domain/candidate.ts';
import type { SharedUse } from '../../domain/facts.ts';
import type { Instant, Millis } from '../../domain/time/time.ts';
import type { VerdictCode } from '../../domain/verdict-code.ts';
import { EVER } from '../look-back.ts';
import { block } from './gate.ts';

/** A sliding window that holds so many contacts and no more. */
export interface WindowLimit {
  max: number;
  /** Null: the window never ends. */
  per: Millis | null;
}

/** The rule behind a window, and the code of a full one. */
export interface WindowRule {
  gate: 'caps' | 'limit';
  rule: string;
  code: VerdictCode<'caps' | 'limit'>;
}

/**
 * Blocks when the window holds `max` contacts or more; it lifts when enough of them have left the window. Null: there
 * is room.
 */
export function judgeWindow(
  { gate, rule, code }: WindowRule,
  contacts: { at: Instant }[],
  { max, per }: WindowLimit,
  now: Instant,
): GateVerdict | null {
  const inside = contacts.filter(({ at }) => per === null || at + per > now);
  if (inside.length < max) return null;
  inside.sort((a, b) => a.at - b.at);
  const freeing = inside[inside.length - max];
  const liftsAt = per === null || !freeing ? null : freeing.at + per;
  return block(gate, code, { rule, observed: inside.length, needed: max, liftsAt });
}

/**
 * The same for a window that is shared with other customers, whose use was counted in the database. Where tentative
 * contacts fill it, it is free at the latest when they have left it.
 * @param tentative contacts that the decision under way adds
 */
export function judgeSharedWindow(
  { gate, rule, code }: WindowRule,
  { cap, used, freeIn }: SharedUse,
  tentative: number,
  now: Instant,
): GateVerdict | null {
  const observed = used + tentative;
  if (observed < cap.max) return null;
  const wait = freeIn ?? (tentative > 0 ? cap.per : null);
  const liftsAt = wait === null || cap.per >= EVER ? null : now + wait;
  return block(gate, code, { rule, observed, needed: cap.max, liftsAt });
}
