import { computeBelief, computeLogScore } from './belief.ts';
import { computeRecentWeight, computeWeight } from './forgetting.ts';
import type { ServedArm } from './served-model.ts';
import type { Arm, Likelihood, Snapshot } from './snapshot.ts';
import { scaleSums } from './sums.ts';

/** Nats by which the shorter memory must have predicted better: odds of e³ ≈ 20 to 1. */
const ENOUGH = 3;
/** No single reward says more than this: a rare one, or a large amount, is no drift. */
export const MAX_GAIN = 1;

/** By how much the shorter memory predicted a reward better than the longer one, in nats. */
export function computeGain(arm: ServedArm, likelihood: Likelihood, x: number[], reward: number): number {
  const gain =
    computeLogScore(likelihood, computeBelief(arm.recent, x), reward) -
    computeLogScore(likelihood, computeBelief(arm, x), reward);
  return Math.max(-MAX_GAIN, Math.min(MAX_GAIN, gain));
}

/**
 * An arm whose world has changed goes on from its shorter memory, and what the longer one knew is over. While nothing
 * changes the longer one predicts better, since it has seen more; so a false alarm is rare, and costs what was seen
 * before the last few short half-lives. It depends on the arm's sums alone, not on when they are looked at.
 */
export function restartAfterDrift(arm: Arm, snapshot: Pick<Snapshot, 'landmark' | 'halfLife'>): Arm | null {
  if (arm.lastAt === null) return null;
  const [longer, shorter] = [computeWeight(arm.lastAt, snapshot), computeRecentWeight(arm.lastAt, snapshot)];
  if (!(arm.recent.gain / shorter > ENOUGH)) return null;
  return { ...arm, ...scaleSums(arm.recent, longer / shorter), recent: { ...arm.recent, gain: 0 } };
}
