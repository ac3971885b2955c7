import { logistic } from '../../maths/elementary.ts';

const LEAST_CURVATURE = 1e-4;

/** A probability's reward as that of a linear model with these weights: the score's precision h, and h times its value. */
export function linearizeReward(
  mean: ArrayLike<number>,
  x: number[],
  reward: number,
): { h: number; c: number } {
  const score = x.reduce((sum, value, i) => sum + value * (mean[i] as number), 0);
  const p = logistic(score);
  const h = Math.max(p * (1 - p), LEAST_CURVATURE);
  return { h, c: reward - p + h * score };
}
