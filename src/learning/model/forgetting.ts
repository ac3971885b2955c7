import { DAY, type Instant, type Millis } from '../../domain/time/time.ts';
import { exp2 } from '../../maths/elementary.ts';
import type { Arm, Snapshot } from './snapshot.ts';
import { scaleSums } from './sums.ts';

export const HALF_LIFE: Millis = 30 * DAY;
/** An arm stops forgetting at this many effective observations. */
export const EVIDENCE_FLOOR = 20;
/** The landmark moves after this many half-lives, long before weights grow too large for a double. */
const MAX_LANDMARK_AGE = 40;
/** The shorter memory forgets this many times as fast: with a half-life of a month, in a week (drift.ts). */
const RECENT_SPEEDUP = 4;
/** Below this weight, about a thousand half-lives back, a division would overflow. */
const MIN_WEIGHT = 1e-290;

/**
 * Forward decay (Cormode, Shkapenyuk, Srivastava, Xu, "Forward Decay", 2009): an observation at t has the constant
 * weight 2^((t − landmark) / half-life), and a reader divides by the weight of its own time. So old deltas never need
 * an update, and deltas can be added in any order.
 */
export function computeWeight(
  t: Instant,
  { landmark, halfLife }: Pick<Snapshot, 'landmark' | 'halfLife'>,
): number {
  return exp2((t - landmark) / halfLife);
}

/** The weight of an observation at t in the shorter memory. */
export function computeRecentWeight(
  t: Instant,
  { landmark, halfLife }: Pick<Snapshot, 'landmark' | 'halfLife'>,
): number {
  return exp2((RECENT_SPEEDUP * (t - landmark)) / halfLife);
}

/**
 * Computes the factor that an arm's sums are multiplied with when they are served: 1 / the weight of the snapshot's
 * time. An arm that is rarely observed stops forgetting at `floor` effective observations, or at the number it had when
 * it was last observed, if that is less.
 */
export function computeFading(arm: Arm, snapshot: Snapshot): number {
  if (arm.lastAt === null || arm.weight < MIN_WEIGHT) return 0;
  const now = 1 / computeWeight(snapshot.at, snapshot);
  const atLastObservation = 1 / computeWeight(arm.lastAt, snapshot);
  return Math.max(now, Math.min(atLastObservation, snapshot.floor / arm.weight));
}

/** The evidence of a snapshot about an arm, in observations made at the snapshot's time. */
export function computeEvidence(arm: Arm, snapshot: Snapshot): number {
  return arm.weight * computeFading(arm, snapshot);
}

/**
 * Moves the landmark when `now` is far from it, by whole half-lives: all sums are then multiplied by a power of two,
 * which is exact.
 */
export function moveLandmark(snapshot: Omit<Snapshot, 'hash'>, now: Instant): Omit<Snapshot, 'hash'> {
  const steps = Math.floor((now - snapshot.landmark) / snapshot.halfLife);
  if (steps <= MAX_LANDMARK_AGE) return snapshot;
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
