import type { LoggedRow } from './logged-decision.ts';

/** A row with its importance weight (target / logged probability), clipped or not. */
export interface WeightedRow extends LoggedRow {
  weight: number;
}

/**
 * An estimate of the reward per decision under the candidate policy. `influence` is each row's value of the influence
 * function, which averages to zero; its variance gives the standard error.
 */
export interface Estimate {
  value: number;
  influence: number[];
}

/** Inverse propensity scoring (Horvitz and Thompson, 1952): unbiased, with a high variance. */
export function estimateIps(rows: readonly WeightedRow[]): Estimate {
  const terms = rows.map(({ weight, reward }) => weight * reward);
  return buildMeanEstimate(terms);
}

/**
 * Self-normalised inverse propensity scoring (Swaminathan and Joachims, 2015): IPS divided by the mean weight. Slightly
 * biased, with a much lower variance. Null if all weights are 0.
 */
export function estimateSnips(rows: readonly WeightedRow[]): Estimate | null {
  const weights = sum(rows.map((row) => row.weight));
  if (weights === 0) return null;
  const value = sum(rows.map(({ weight, reward }) => weight * reward)) / weights;
  const mean = weights / rows.length;
  return { value, influence: rows.map(({ weight, reward }) => (weight * (reward - value)) / mean) };
}

/**
 * The doubly robust estimator (Dudík, Langford and Li, "Doubly Robust Policy Evaluation and Learning", 2011): the model's
 * prediction, corrected by the weighted error for the logged arm. Null unless every row has predictions.
 */
export function estimateDoublyRobust(rows: readonly WeightedRow[]): Estimate | null {
  const terms: number[] = [];
  for (const { model, weight, reward } of rows) {
    if (!model) return null;
    terms.push(model.policy + weight * (reward - model.chosen));
  }
  return buildMeanEstimate(terms);
}

/** The mean reward per decision under the logged policy. */
export function estimateOnPolicy(rows: readonly LoggedRow[]): Estimate {
  return buildMeanEstimate(rows.map((row) => row.reward));
}

/** Subtracts two estimates of the same rows; errors that they have in common cancel out. */
export function subtractEstimates(a: Estimate, b: Estimate): Estimate {
  return {
    value: a.value - b.value,
    influence: a.influence.map((term, i) => term - (b.influence[i] as number)),
  };
}

/** Cluster-robust standard error by customer, because the rows of one customer are not independent. */
export function computeStandardError(influence: readonly number[], customers: readonly string[]): number {
  const sumsByCustomer = sumByKey(customers, influence);
  return Math.sqrt(sum(sumsByCustomer.map((term) => term * term))) / influence.length;
}

/** Sums numbers by key, in order of first appearance. */
export function sumByKey(keys: readonly string[], numbers: readonly number[]): number[] {
  const sums = new Map<string, number>();
  keys.forEach((key, i) => {
    sums.set(key, (sums.get(key) ?? 0) + (numbers[i] as number));
  });
  return [...sums.values()];
}

function buildMeanEstimate(terms: number[]): Estimate {
  const value = sum(terms) / terms.length;
  return { value, influence: terms.map((term) => term - value) };
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
