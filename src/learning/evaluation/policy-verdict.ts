import type { WeightReport } from './weights.ts';

/** A number with its interval, clustered by customer. */
export interface Interval {
  value: number;
  low: number;
  high: number;
  standardError: number;
}

/**
 * - `ship`: better than what was logged, beyond chance.
 * - `hold`: the log can tell, and it isn't.
 * - `insufficient`: the log can't tell; `reasons` say why. No estimate may be quoted.
 */
export type PolicyVerdict = 'ship' | 'hold' | 'insufficient';

export type EvaluationDoubt =
  /** Nothing to evaluate. */
  | 'no_rows'
  /** Fewer than 500 rows' worth of information. */
  | 'few_effective_rows'
  /** Fewer than 100 customers' worth: intervals by customer would be too narrow. */
  | 'few_customers'
  /** The interval is wider than what matters. */
  | 'wide_interval'
  /** The policy does what the log could never show. */
  | 'unsupported'
  /** Clipping took more than a twentieth of the weight. */
  | 'clipped'
  /** The mean weight isn't 1: the logged propensities are not those that were drawn with. */
  | 'weights_off'
  /** More than one row in a hundred couldn't be read. */
  | 'faulty_rows';

const FEWEST_ROWS = 500;
const FEWEST_CUSTOMERS = 100;
const MOST_CLIPPED = 0.05;

/** Every reason not to believe the estimates. Intervals wider than what matters decide nothing. */
export function findDoubts(
  weights: WeightReport,
  intervals: (Interval | null)[],
  matters: number,
  faulty: boolean,
): EvaluationDoubt[] {
  const wide = intervals.some((its) => its === null || !((its.high - its.low) / 2 <= matters));
  const found: [EvaluationDoubt, boolean][] = [
    ['few_effective_rows', Math.min(weights.effectiveRows, weights.expectedRows ?? Infinity) < FEWEST_ROWS],
    ['few_customers', weights.effectiveCustomers < FEWEST_CUSTOMERS],
    ['wide_interval', wide],
    ['unsupported', weights.unsupportedRows > 0],
    ['clipped', weights.clipped > MOST_CLIPPED],
    ['weights_off', weights.alarm],
    ['faulty_rows', faulty],
  ];
  return found.filter(([, holds]) => holds).map(([doubt]) => doubt);
}
