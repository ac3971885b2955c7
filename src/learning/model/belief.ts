import { log, logistic, softplus } from '../../maths/elementary.ts';
import type { Posterior } from './posterior.ts';
import type { Likelihood, Prior } from './snapshot.ts';

const PI_EIGHTH = 0.39269908169872414;

/** What is expected of an arm for one vector of features, and how sure that is: on the scale of its weights. */
export interface Belief {
  /** xᵀ·mean: log odds, or money. */
  mean: number;
  /** Standard deviation of xᵀθ. */
  spread: number;
}

/** O(size²). */
export function computeBelief(
  { mean, root }: Pick<Posterior, 'mean' | 'root'>,
  x: ArrayLike<number>,
): Belief {
  const size = mean.length;
  let expected = 0;
  let variance = 0;
  let row = 0;
  // Two rows of the root at once: their sums needn't wait for each other.
  for (let j = 0; j < size; j += 2) {
    const last = j + 1 === size;
    // Of an odd number of rows the last one stands in for its missing neighbour, and isn't counted as such.
    const next = last ? row : row + j + 1;
    let one = 0;
    let other = 0;
    for (let i = 0; i <= j; i++) {
      const xi = x[i] as number;
      one += (root[row + i] as number) * xi;
      other += (root[next + i] as number) * xi;
    }
    expected += (mean[j] as number) * (x[j] as number);
    variance += one * one;
    if (last) break;
    other += (root[next + j + 1] as number) * (x[j + 1] as number);
    expected += (mean[j + 1] as number) * (x[j + 1] as number);
    variance += other * other;
    row = next + j + 2;
  }
  return { mean: expected, spread: Math.sqrt(variance) };
}

/** The same of an arm that saw nothing. O(size). */
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

/** The probability of a reward, or the expected amount, with what isn't known averaged out. */
export function computeExpectation(
  { likelihood }: { likelihood: Likelihood },
  { mean, spread }: Belief,
): number {
  if (likelihood.kind === 'money') return mean;
  return logistic(moderated(mean, spread));
}

/** ln of the density that a belief gave to the reward that came; of a share between 0 and 1, in proportion. */
export function computeLogScore(likelihood: Likelihood, { mean, spread }: Belief, reward: number): number {
  if (likelihood.kind === 'money') {
    const variance = likelihood.variance + spread * spread;
    return -0.5 * (log(variance) + (reward - mean) ** 2 / variance);
  }
  const odds = moderated(mean, spread);
  return reward * odds - softplus(odds);
}

/** Log odds drawn towards 0 by what isn't known of them (MacKay 1992). */
function moderated(mean: number, spread: number): number {
  return mean / Math.sqrt(1 + PI_EIGHTH * spread * spread);
}
