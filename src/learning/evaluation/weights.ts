import { computeStandardError, sum, sumByKey } from './estimators.ts';
import type { LoggedRow } from './logged-decision.ts';

/** How far the log can carry the candidate policy. All of the weights as they are, before any clipping. */
export interface WeightReport {
  /** Rows' worth of information: (Σw)² / Σw². */
  effectiveRows: number;
  /**
   * The same by what the weights could have been, not by what was drawn: a few huge weights that happened not to come
   * up make a log look better than it is. Null unless every row knows.
   */
  expectedRows: number | null;
  /** As effective rows, counting each customer once. */
  effectiveCustomers: number;
  largest: number;
  /** Share of all weight that clipping takes away: what the estimates no longer speak of. */
  clipped: number;
  /** Close to 1, if the logged probabilities are those that were drawn with. */
  mean: number;
  meanError: number;
  /** The mean is too far from 1: don't believe the propensities. */
  alarm: boolean;
  /** Rows where the candidate policy gives something to arms that the log could never show, and how much on average. */
  unsupportedRows: number;
  unsupportedShare: number;
}

/**
 * How far the mean weight may be off, by Bernstein's bound: weights are skewed, so standard errors alone would cry wolf.
 * Where the error had to be guessed from the weights drawn, never further than `FAR`: one huge weight makes the guess
 * huge too. Below `CLOSE` it is rounding of stored probabilities.
 */
const FAR = 0.2;
const CLOSE = 1e-3;
/** ln 2000: an honest log is suspected once in a thousand times. */
const SURENESS = 7.6;

export function computeWeights(rows: readonly LoggedRow[]): number[] {
  return rows.map((row) => row.target / row.logged);
}

export function clipWeights(weights: readonly number[], most: number | null): number[] {
  return weights.map((weight) => (most === null ? weight : Math.min(weight, most)));
}

/** Of at least one row. */
export function reportWeights(rows: readonly LoggedRow[], most: number | null): WeightReport {
  const weights = computeWeights(rows);
  const total = sum(weights);
  const customers = rows.map((row) => row.customer);
  // The share that the log can't show is missing from the mean, rightly.
  const expected = 1 - sum(rows.map((row) => row.unsupported)) / rows.length;
  const mean = total / rows.length;
  const known = knownError(rows);
  const guessed = computeStandardError(
    weights.map((weight) => weight - mean),
    customers,
  );
  const largest = weights.reduce((a, b) => Math.max(a, b), 0);
  const bearable = Math.sqrt(2 * SURENESS) * (known ?? guessed) + (SURENESS * largest) / (3 * rows.length);
  return {
    effectiveRows: effective(weights),
    expectedRows: expectedRows(rows),
    effectiveCustomers: effective(sumByKey(customers, weights)),
    largest,
    clipped: total > 0 ? 1 - sum(clipWeights(weights, most)) / total : 0,
    mean,
    meanError: known ?? guessed,
    alarm: Math.abs(mean - expected) > Math.max(CLOSE, known === null ? Math.min(FAR, bearable) : bearable),
    unsupportedRows: rows.filter((row) => row.unsupported > 0).length,
    unsupportedShare: 1 - expected,
  };
}

function effective(weights: readonly number[]): number {
  const total = sum(weights);
  const squares = sum(weights.map((weight) => weight * weight));
  return squares > 0 ? (total * total) / squares : 0;
}

/** Standard error of the mean weight, from what could have been drawn; null where rows don't know. */
function knownError(rows: readonly LoggedRow[]): number | null {
  let variance = 0;
  for (const { weightSquare, unsupported } of rows) {
    if (weightSquare === null) return null;
    variance += Math.max(0, weightSquare - (1 - unsupported) ** 2);
  }
  return Math.sqrt(variance) / rows.length;
}

/** n · E[w]² / E[w²], both over what could have been drawn. */
function expectedRows(rows: readonly LoggedRow[]): number | null {
  let squares = 0;
  for (const { weightSquare } of rows) {
    if (weightSquare === null) return null;
    squares += weightSquare;
  }
  const supported = rows.length - sum(rows.map((row) => row.unsupported));
  return squares > 0 ? (supported * supported) / squares : 0;
}
