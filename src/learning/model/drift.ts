import { computeBelief, computeLogScore } from './belief.ts';
import { computeRecentWeight, computeWeight } from './forgetting.ts';
import type { ServedArm } from './served-model.ts';
import type { Arm, Likelihood, Snapshot } from './snapshot.ts';
import { scaleSums } from './sums.ts';

/** Nats by which the shorter memory must have predicted better before an arm restarts: odds of e³ ≈ 20 to 1. */
const RESTART_GAIN = 3;
/** Limit of the gain of a single reward, in nats: one rare reward, or one large amount, is no drift. */
export const MAX_GAIN = 1;

/**
 * Computes by how much the shorter memory predicted a reward better than the longer one, in nats: the difference of
 * their log scores, limited to ±MAX_GAIN.
 */
export function computeGain(arm: ServedArm, likelihood: Likelihood, x: number[], reward: number): number {
  const gain =
    computeLogScore(likelihood, computeBelief(arm.recent, x), reward) -
    computeLogScore(likelihood, computeBelief(arm, x), reward);
  return Math.max(-MAX_GAIN, Math.min(MAX_GAIN, gain));
}

/**
 * Restarts an arm from its shorter memory when the accumulated gain shows a drift; returns null otherwise. Without a
 * drift the longer memory predicts better, since it has more observations. So a false alarm is rare, and it loses only
 * what is older than the last few short half-lives. The result depends on the arm's sums alone, not on the time of the
 * check.
 */
export function restartAfterDrift(arm: Arm, snapshot: Pick<Snapshot, 'landmark' | 'halfLife'>): Arm | null {
  if (arm.lastAt === null) return null;
  const [longer, shorter] = [computeWeight(arm.lastAt, snapshot), computeRecentWeight(arm.lastAt, snapshot)];
  if (!(arm.recent.gain / shorter > RESTART_GAIN)) return null;
  return { ...arm, ...scaleSums(arm.recent, longer / shorter), recent: { ...arm.recent, gain: 0 } };
}
