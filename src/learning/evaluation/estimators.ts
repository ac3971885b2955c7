import type { LoggedRow } from './logged-decision.ts';

/** A row with its importance weight, clipped or not. */
export interface WeightedRow extends LoggedRow {
  weight: number;
}

/**
 * An estimate of the reward per decision under the candidate policy. `influence` is what each row adds to its error,
 * times the number of rows: it averages to zero, and its spread is the estimate's.
 */
export interface Estimate {
  value: number;
  influence: number[];
}

/** Inverse propensity scoring: unbiased, and loud. */
export function estimateIps(rows: readonly WeightedRow[]): Estimate {
  const terms = rows.map(({ weight, reward }) => weight * reward);
  return aroundMean(terms);
}

/** The same, divided by the weights' sum: a little biased, much calmer. Null if nothing in the log has any weight. */
export function estimateSnips(rows: readonly WeightedRow[]): Estimate | null {
  const weights = sum(rows.map((row) => row.weight));
  if (weights === 0) return null;
  const value = sum(rows.map(({ weight, reward }) => weight * reward)) / weights;
  const mean = weights / rows.length;
  return { value, influence: rows.map(({ weight, reward }) => (weight * (reward - value)) / mean) };
}

/** Doubly robust: what the model expects, corrected by what came. Null unless every row has its predictions. */
export function estimateDoublyRobust(rows: readonly WeightedRow[]): Estimate | null {
  const terms: number[] = [];
  for (const { model, weight, reward } of rows) {
    if (!model) return null;
    terms.push(model.policy + weight * (reward - model.chosen));
  }
  return aroundMean(terms);
}

/** The reward per decision under the policy that was logged. */
export function estimateOnPolicy(rows: readonly LoggedRow[]): Estimate {
  return aroundMean(rows.map((row) => row.reward));
}

/** One estimate less another of the same rows: what they have in common cancels. */
export function subtractEstimates(a: Estimate, b: Estimate): Estimate {
  return {
    value: a.value - b.value,
    influence: a.influence.map((term, i) => term - (b.influence[i] as number)),
  };
}

/** Standard error, by customer: rows of one customer are not so many witnesses. */
export function computeStandardError(influence: readonly number[], customers: readonly string[]): number {
  const byCustomer = sumByKey(customers, influence);
  return Math.sqrt(sum(byCustomer.map((term) => term * term))) / influence.length;
}

/** Sums of numbers per key, in order of first appearance. */
export function sumByKey(keys: readonly string[], numbers: readonly number[]): number[] {
  const sums = new Map<string, number>();
  keys.forEach((key, i) => {
    sums.set(key, (sums.get(key) ?? 0) + (numbers[i] as number));
  });
  return [...sums.values()];
}

function aroundMean(terms: number[]): Estimate {
  const value = sum(terms) / terms.length;
  return { value, influence: terms.map((term) => term - value) };
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
