import { normalCdf, normalQuantile } from '../../maths/normal.ts';
import type { EventCount, Sample } from './sample.ts';
import { detectableErrors, type TestCertainty } from './sample-size.ts';

/** One arm of a comparison: its mean per customer, or its share of customers. */
export interface ArmMean {
  customers: number;
  mean: number;
}

/** A difference between two arms, with its interval and power. */
export interface ArmDifference {
  /** Treated minus control, per customer. */
  difference: number;
  /** Confidence interval of the difference. */
  low: number;
  high: number;
  /** The smallest difference that arms of this size detect with the given power. */
  detectable: number;
  treated: ArmMean;
  control: ArmMean;
}

/**
 * The comparison of treated customers with controls. Without a control, or with too few customers, it has no mean and no
 * difference (E-4). `underpowered` has the detectable difference instead of a p-value.
 */
export type Comparison =
  | { kind: 'no_control'; treated: number }
  | { kind: 'too_few'; treated: number; control: number; needed: number }
  | ({ kind: 'underpowered' } & ArmDifference)
  | ({
      kind: 'compared';
      /** The difference as a share of the control's mean; null where that is zero or below. */
      lift: number | null;
      /** Two-sided. */
      p: number;
    } & ArmDifference);

export interface CompareOptions extends TestCertainty {
  /**
   * The smallest difference that is relevant. If the arms can't detect it, and zero is inside the interval, the comparison
   * is underpowered.
   */
  relevantDifference?: number;
  /** The same as a share of the control's mean, if `relevantDifference` isn't given. */
  relevantShare?: number;
}

/** With fewer customers in an arm, the normal approximation of a mean isn't valid. */
const MIN_CUSTOMERS = 30;

/**
 * Compares means per customer. The interval uses the standard error for unequal variances (Welch, "The Generalization of
 * 'Student's' Problem", 1947) with normal quantiles.
 */
export function compareMeans(
  treated: Sample,
  control: Sample | null,
  options: CompareOptions = {},
): Comparison {
  return compare(treated, control, options, (controlSample) => ({
    difference: treated.mean - controlSample.mean,
    centre: treated.mean - controlSample.mean,
    error: Math.sqrt(treated.variance / treated.customers + controlSample.variance / controlSample.customers),
    treated: { customers: treated.customers, mean: treated.mean },
    control: { customers: controlSample.customers, mean: controlSample.mean },
  }));
}

/**
 * Compares shares of customers. The interval is that of Agresti and Caffo ("Simple and Effective Confidence Intervals for
 * Proportions", 2000), which adds one success and one failure to each arm, so that it also covers for rare events. The
 * p-value agrees with it: it is below 0.05 exactly when zero is outside the 95 % interval.
 */
export function compareRates(
  treated: EventCount,
  control: EventCount | null,
  options: CompareOptions = {},
): Comparison {
  return compare(treated, control, options, (controlCount) => {
    const [a, b] = [smoothRate(treated), smoothRate(controlCount)];
    return {
      difference: computeRate(treated) - computeRate(controlCount),
      centre: a.rate - b.rate,
      error: Math.sqrt(a.variance + b.variance),
      treated: { customers: treated.customers, mean: computeRate(treated) },
      control: { customers: controlCount.customers, mean: computeRate(controlCount) },
    };
  });
}

interface Measured {
  difference: number;
  /** Centre of the interval. */
  centre: number;
  error: number;
  treated: ArmMean;
  control: ArmMean;
}

function compare<Arm extends { customers: number }>(
  treated: Arm,
  control: Arm | null,
  options: CompareOptions,
  measure: (control: Arm) => Measured,
): Comparison {
  if (control === null || control.customers === 0) {
    return { kind: 'no_control', treated: treated.customers };
  }
  if (Math.min(treated.customers, control.customers) < MIN_CUSTOMERS) {
    return { kind: 'too_few', treated: treated.customers, control: control.customers, needed: MIN_CUSTOMERS };
  }
  const { difference, centre, error, ...sides } = measure(control);
  const width = normalQuantile(1 - (1 - (options.level ?? 0.95)) / 2) * error;
  const detectable = detectableErrors(options) * error;
  const result: ArmDifference = {
    difference,
    low: centre - width,
    high: centre + width,
    detectable,
    ...sides,
  };
  const relevantDifference = findRelevantDifference(options, sides.control);
  if (
    relevantDifference !== undefined &&
    detectable > relevantDifference &&
    result.low <= 0 &&
    result.high >= 0
  ) {
    return { kind: 'underpowered', ...result };
  }
  const lift = sides.control.mean > 0 ? difference / sides.control.mean : null;
  return { kind: 'compared', ...result, lift, p: computeTwoSidedP(centre, error) };
}

function findRelevantDifference(
  { relevantDifference, relevantShare }: CompareOptions,
  control: ArmMean,
): number | undefined {
  if (relevantDifference !== undefined || relevantShare === undefined) return relevantDifference;
  return relevantShare * Math.abs(control.mean);
}

/** Two-sided p-value of a normal statistic. Without any variance the arms differ certainly, or not at all. */
function computeTwoSidedP(centre: number, error: number): number {
  if (error === 0) return centre === 0 ? 1 : 0;
  return 2 * normalCdf(-Math.abs(centre) / error);
}

function computeRate({ customers, events }: EventCount): number {
  return events / customers;
}

function smoothRate({ customers, events }: EventCount): { rate: number; variance: number } {
  const rate = (events + 1) / (customers + 2);
  return { rate, variance: (rate * (1 - rate)) / (customers + 2) };
}
