import { logistic } from '../../maths/elementary.ts';

/** Keeps an observation from losing all weight where the model is nearly certain. */
const MIN_CURVATURE = 1e-4;

/**
 * Linearises a binary reward at the weights `mean`, as one step of iteratively reweighted least squares does (McCullagh
 * and Nelder, "Generalized Linear Models", 1989): h = p(1 − p) is the precision of the score, and c = reward − p + h ·
 * score is h times its target value.
 */
export function linearizeReward(
  mean: ArrayLike<number>,
  x: number[],
  reward: number,
): { h: number; c: number } {
  const score = x.reduce((sum, value, i) => sum + value * (mean[i] as number), 0);
  const p = logistic(score);
  const h = Math.max(p * (1 - p), MIN_CURVATURE);
  return { h, c: reward - p + h * score };
}
