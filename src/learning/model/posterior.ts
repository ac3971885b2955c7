import { cholesky, inverseFactor, rowStart, solve } from '../../maths/linear.ts';
import type { Prior } from './snapshot.ts';
import type { Sums } from './sums.ts';

/** The posterior of an arm's weights, prepared for many predictions. */
export interface Posterior {
  mean: Float64Array;
  /** The lower triangle of a root of the covariance, row by row: the variance of xᵀθ is the squared length of root·x. */
  root: Float64Array;
  /** Marginal variance of each weight. */
  variance: Float64Array;
}

/**
 * Combines the prior with the faded sums into the posterior of a Bayesian linear regression (Bishop, "Pattern
 * Recognition and Machine Learning", section 3.3). Returns null if the result is no distribution: the sums are invalid.
 */
export function computePosterior(
  prior: Prior,
  sums: Pick<Sums, 'precision' | 'shift'>,
  faded: number,
): Posterior | null {
  const size = sums.shift.length;
  const precision = Float64Array.from(sums.precision, (value) => value * faded);
  const shift = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const before = 1 / (prior.variance[i] as number);
    precision[rowStart(i, size)] = (precision[rowStart(i, size)] as number) + before;
    shift[i] = before * (prior.mean[i] as number) + faded * (sums.shift[i] as number);
  }
  const factor = cholesky(precision, size);
  if (!factor) return null;
  const mean = solve(factor, size, shift);
  if (!mean.every(Number.isFinite)) return null;
  const upper = inverseFactor(factor, size);
  return { mean, root: listColumns(upper, size), variance: sumRowSquares(upper, size) };
}

/** The columns of an upper triangle in sequence: the rows of its transpose. */
function listColumns(upper: Float64Array, size: number): Float64Array {
  const result = new Float64Array(upper.length);
  let at = 0;
  for (let j = 0; j < size; j++)
    for (let i = 0; i <= j; i++) result[at++] = upper[rowStart(i, size) + j - i] as number;
  return result;
}

function sumRowSquares(upper: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size);
  let at = 0;
  for (let i = 0; i < size; i++)
    for (let j = i; j < size; j++, at++) result[i] = (result[i] as number) + (upper[at] as number) ** 2;
  return result;
}
