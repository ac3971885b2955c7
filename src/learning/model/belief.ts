import { log, logistic, softplus } from '../../maths/elementary.ts';
import type { Posterior } from './posterior.ts';
import type { Likelihood, Prior } from './snapshot.ts';

const PI_EIGHTH = 0.39269908169872414;

/** The model's prediction for an arm and one feature vector, on the scale of the weights, with its uncertainty. */
export interface Belief {
  /** xᵀ·mean: log odds, or money. */
  mean: number;
  /** Standard deviation of xᵀθ. */
  spread: number;
}

/** Computes the belief of an arm from its posterior: xᵀ·mean, and √(xᵀ·covariance·x). O(size²). */
export function computeBelief(
  { mean, root }: Pick<Posterior, 'mean' | 'root'>,
  x: ArrayLike<number>,
): Belief {
  const size = mean.length;
  let expected = 0;
  let variance = 0;
  let row = 0;
  // Handles two rows of the root at once: the processor can add up both sums in parallel.
  for (let j = 0; j < size; j += 2) {
    const last = j + 1 === size;
    // With an odd number of rows the last one has no neighbour: it is read twice, and counted once.
    const next = last ? row : row + j + 1;
    let first = 0;
    let second = 0;
    for (let i = 0; i <= j; i++) {
      const xi = x[i] as number;
      first += (root[row + i] as number) * xi;
      second += (root[next + i] as number) * xi;
    }
    expected += (mean[j] as number) * (x[j] as number);
    variance += first * first;
    if (last) break;
    second += (root[next + j + 1] as number) * (x[j + 1] as number);
    expected += (mean[j + 1] as number) * (x[j + 1] as number);
    variance += second * second;
    row = next + j + 2;
  }
  return { mean: expected, spread: Math.sqrt(variance) };
}

/** Computes the belief of an arm without observations, from its prior. O(size). */
export function computePriorBelief({ mean, variance }: Prior, x: ArrayLike<number>): Belief {
  let expected = 0;
  let spread = 0;
  for (let i = 0; i < mean.length; i++) {
    const xi = x[i] as number;
    expected += (mean[i] as number) * xi;
    spread += (variance[i] as number) * xi * xi;
  }
  return { mean: expected, spread: Math.sqrt(spread) };
}

/** The probability of a reward, or the expected amount, averaged over the uncertainty of the weights. */
export function computeExpectation(
  { likelihood }: { likelihood: Likelihood },
  { mean, spread }: Belief,
): number {
  if (likelihood.kind === 'money') return mean;
  return logistic(moderated(mean, spread));
}

/**
 * Natural logarithm of the density that a belief gives to an observed reward. A binary reward may be a share between
 * 0 and 1.
 */
export function computeLogScore(likelihood: Likelihood, { mean, spread }: Belief, reward: number): number {
  if (likelihood.kind === 'money') {
    const variance = likelihood.variance + spread * spread;
    return -0.5 * (log(variance) + (reward - mean) ** 2 / variance);
  }
  const odds = moderated(mean, spread);
  return reward * odds - softplus(odds);
}

/**
 * Log odds, moved towards 0 by their uncertainty: mean / √(1 + π/8 · variance). Source: MacKay, "The evidence
 * framework applied to classification networks" (1992).
 */
function moderated(mean: number, spread: number): number {
  return mean / Math.sqrt(1 + PI_EIGHTH * spread * spread);
}
