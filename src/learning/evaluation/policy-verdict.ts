import type { WeightReport } from './weights.ts';

/** A number with its confidence interval, clustered by customer. */
export interface Interval {
  value: number;
  low: number;
  high: number;
  standardError: number;
}

/**
 * - `ship`: the candidate is significantly better than the logged policy.
 * - `hold`: the log is sufficient, and the candidate is not significantly better.
 * - `insufficient`: the log is not sufficient, for the given `reasons`. Don't quote the estimates.
 */
export type PolicyVerdict = 'ship' | 'hold' | 'insufficient';

export type EvaluationDoubt =
  /** There are no rows. */
  | 'no_rows'
  /** Fewer than 500 effective rows. */
  | 'few_effective_rows'
  /** Fewer than 100 effective customers: intervals by customer would be too narrow. */
  | 'few_customers'
  /** An interval is wider than the relevant difference. */
  | 'wide_interval'
  /** The candidate chooses arms with the logged probability 0. */
  | 'unsupported'
  /** Clipping removed more than 5 % of the weight. */
  | 'clipped'
  /** The mean weight isn't 1: the logged propensities differ from those of the draw. */
  | 'weights_off'
  /** More than 1 % of the rows are invalid. */
  | 'faulty_rows';

const MIN_ROWS = 500;
const MIN_CUSTOMERS = 100;
const MAX_CLIPPED_SHARE = 0.05;

/** Lists every reason why the estimates are not reliable enough for a decision. */
export function findDoubts(
  weights: WeightReport,
  intervals: (Interval | null)[],
  relevantDifference: number,
  faulty: boolean,
): EvaluationDoubt[] {
  const wide = intervals.some(
    (interval) => interval === null || !((interval.high - interval.low) / 2 <= relevantDifference),
  );
  const candidates: [EvaluationDoubt, boolean][] = [
    ['few_effective_rows', Math.min(weights.effectiveRows, weights.expectedRows ?? Infinity) < MIN_ROWS],
    ['few_customers', weights.effectiveCustomers < MIN_CUSTOMERS],
    ['wide_interval', wide],
    ['unsupported', weights.unsupportedRows > 0],
    ['clipped', weights.clipped > MAX_CLIPPED_SHARE],
    ['weights_off', weights.alarm],
    ['faulty_rows', faulty],
  ];
  return candidates.filter(([, holds]) => holds).map(([doubt]) => doubt);
}
