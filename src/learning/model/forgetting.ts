import { DAY, type Instant, type Millis } from '../../domain/time/time.ts';
import { exp2 } from '../../maths/elementary.ts';
import type { Arm, Snapshot } from './snapshot.ts';
import { scaleSums } from './sums.ts';

export const HALF_LIFE: Millis = 30 * DAY;
/** Effective observations below which an arm forgets nothing more. */
export const EVIDENCE_FLOOR = 20;
/** Half-lives after which the landmark moves, long before weights grow too large for a double. */
const FAR = 40;
/** The shorter memory forgets so many times as fast: of a month's half-life, in a week (drift.ts). */
const RECENT_SPEEDUP = 4;
/** A weight that nothing can be divided by any more: about a thousand half-lives back. */
const GONE = 1e-290;

/**
 * Forward decay: what happened at t weighs 2^((t − landmark) / half-life) once and for all, and a reader divides by the
 * weight of its own time. So old increments need no touching, and increments add up in any order.
 */
export function computeWeight(
  t: Instant,
  { landmark, halfLife }: Pick<Snapshot, 'landmark' | 'halfLife'>,
): number {
  return exp2((t - landmark) / halfLife);
}

/** The same for the shorter memory. */
export function computeRecentWeight(
  t: Instant,
  { landmark, halfLife }: Pick<Snapshot, 'landmark' | 'halfLife'>,
): number {
  return exp2((RECENT_SPEEDUP * (t - landmark)) / halfLife);
}

/**
 * By what an arm's sums are multiplied when they are served: 1 / the weight of the snapshot's time. An arm that is
 * rarely seen stops forgetting at `floor` effective observations, or where it stood when it was seen last if that is less.
 */
export function computeFading(arm: Arm, snapshot: Snapshot): number {
  if (arm.lastAt === null || arm.weight < GONE) return 0;
  const now = 1 / computeWeight(snapshot.at, snapshot);
  const whenSeen = 1 / computeWeight(arm.lastAt, snapshot);
  return Math.max(now, Math.min(whenSeen, snapshot.floor / arm.weight));
}

/** What a snapshot's evidence about an arm is worth, in observations made just now. */
export function computeEvidence(arm: Arm, snapshot: Snapshot): number {
  return arm.weight * computeFading(arm, snapshot);
}

/**
 * Moves the landmark when `now` is far from it, by whole half-lives: then all sums are multiplied by a power of two,
 * which loses nothing.
 */
export function moveLandmark(snapshot: Omit<Snapshot, 'hash'>, now: Instant): Omit<Snapshot, 'hash'> {
  const steps = Math.floor((now - snapshot.landmark) / snapshot.halfLife);
  if (steps <= FAR) return snapshot;
  const arms = snapshot.arms.map((arm) => ({
    ...arm,
    ...scaleSums(arm, exp2(-steps)),
    recent: {
      ...scaleSums(arm.recent, exp2(-RECENT_SPEEDUP * steps)),
      gain: arm.recent.gain * exp2(-RECENT_SPEEDUP * steps),
    },
  }));
  return { ...snapshot, arms, landmark: snapshot.landmark + steps * snapshot.halfLife };
}
