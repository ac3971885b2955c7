import { computeStandardError, sum, sumByKey } from './estimators.ts';
import type { LoggedRow } from './logged-decision.ts';

/** How well the log supports the candidate policy. All numbers are of the unclipped weights. */
export interface WeightReport {
  /** Effective sample size (Kish, 1965): (Σw)² / Σw². */
  effectiveRows: number;
  /**
   * The same with the expected squares of the weights instead of the drawn ones: huge weights that happened not to be drawn
   * make a log look better than it is. Null unless every row has `weightSquare`.
   */
  expectedRows: number | null;
  /** Effective sample size with the weights summed by customer. */
  effectiveCustomers: number;
  largest: number;
  /** Share of the total weight that clipping removes. */
  clipped: number;
  /** Mean weight: close to 1 if the logged probabilities are those of the draw. */
  mean: number;
  meanError: number;
  /** The mean is too far from 1, so the logged propensities are wrong. */
  alarm: boolean;
  /** Rows where the candidate policy uses arms with the logged probability 0, and their mean probability over all rows. */
  unsupportedRows: number;
  unsupportedShare: number;
}

/**
 * Limits of the deviation of the mean weight, by Bernstein's inequality (1924): weights are skewed, so standard errors alone
 * would cause false alarms. If the error is estimated from the drawn weights, the limit is at most `MAX_DEVIATION`, because
 * one huge weight makes the estimate huge, too. Deviations below `ROUNDING` come from rounding of stored probabilities.
 */
const MAX_DEVIATION = 0.2;
const ROUNDING = 1e-3;
/** ln 2000: a correct log causes an alarm once in a thousand times. */
const LOG_CONFIDENCE = 7.6;

export function computeWeights(rows: readonly LoggedRow[]): number[] {
  return rows.map((row) => row.target / row.logged);
}

export function clipWeights(weights: readonly number[], maxWeight: number | null): number[] {
  return weights.map((weight) => (maxWeight === null ? weight : Math.min(weight, maxWeight)));
}

/** Reports on the weights of at least one row. */
export function reportWeights(rows: readonly LoggedRow[], maxWeight: number | null): WeightReport {
  const weights = computeWeights(rows);
  const total = sum(weights);
  const customers = rows.map((row) => row.customer);
  // The probability of unsupported arms is missing from the mean weight.
  const expected = 1 - sum(rows.map((row) => row.unsupported)) / rows.length;
  const mean = total / rows.length;
  const exactError = computeExactError(rows);
  const estimatedError = computeStandardError(
    weights.map((weight) => weight - mean),
    customers,
  );
  const largest = weights.reduce((a, b) => Math.max(a, b), 0);
  const tolerated =
    Math.sqrt(2 * LOG_CONFIDENCE) * (exactError ?? estimatedError) +
    (LOG_CONFIDENCE * largest) / (3 * rows.length);
  return {
    effectiveRows: computeEffectiveSize(weights),
    expectedRows: computeExpectedRows(rows),
    effectiveCustomers: computeEffectiveSize(sumByKey(customers, weights)),
    largest,
    clipped: total > 0 ? 1 - sum(clipWeights(weights, maxWeight)) / total : 0,
    mean,
    meanError: exactError ?? estimatedError,
    alarm:
      Math.abs(mean - expected) >
      Math.max(ROUNDING, exactError === null ? Math.min(MAX_DEVIATION, tolerated) : tolerated),
    unsupportedRows: rows.filter((row) => row.unsupported > 0).length,
    unsupportedShare: 1 - expected,
  };
}

function computeEffectiveSize(weights: readonly number[]): number {
  const total = sum(weights);
  const squares = sum(weights.map((weight) => weight * weight));
  return squares > 0 ? (total * total) / squares : 0;
}

/** Standard error of the mean weight, from the expected squares; null if a row doesn't have one. */
function computeExactError(rows: readonly LoggedRow[]): number | null {
  let variance = 0;
  for (const { weightSquare, unsupported } of rows) {
    if (weightSquare === null) return null;
    variance += Math.max(0, weightSquare - (1 - unsupported) ** 2);
  }
  return Math.sqrt(variance) / rows.length;
}

/** n · E[w]² / E[w²], both as expectations over the draw; null if a row has no expected square. */
function computeExpectedRows(rows: readonly LoggedRow[]): number | null {
  let squares = 0;
  for (const { weightSquare } of rows) {
    if (weightSquare === null) return null;
    squares += weightSquare;
  }
  const supported = rows.length - sum(rows.map((row) => row.unsupported));
  return squares > 0 ? (supported * supported) / squares : 0;
}
