import { normalCdf, normalQuantile } from '../../maths/normal.ts';
import type { EventCount, Sample } from './sample.ts';
import { detectableErrors, type TestCertainty } from './sample-size.ts';

/** One arm's side of a comparison: the mean per customer, or the share of customers. */
export interface ArmMean {
  customers: number;
  mean: number;
}

/** A difference between arms, with what is needed to judge it. */
export interface ArmDifference {
  /** Treated less control, per customer. */
  difference: number;
  /** Interval of the difference. */
  low: number;
  high: number;
  /** The smallest difference that these arms could be relied on to show. */
  detectable: number;
  treated: ArmMean;
  control: ArmMean;
}

/**
 * Treated against control. A number to boast of exists only where there is a control (E-4): without one, or with too
 * few customers, the answer holds no mean and no difference. `underpowered` says what could have been seen instead of
 * a p-value.
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
  /** The smallest difference that matters. If these arms couldn't show it and show none, they are underpowered. */
  relevantDifference?: number;
  /** The same as a share of the control's mean, where `matters` isn't given. */
  relevantShare?: number;
}

/** Below this many customers in an arm, a normal interval of a mean says nothing. */
const FEWEST = 30;

/** Means per customer, by Welch's interval. */
export function compareMeans(
  treated: Sample,
  control: Sample | null,
  options: CompareOptions = {},
): Comparison {
  return compare(treated, control, options, (its) => ({
    difference: treated.mean - its.mean,
    centre: treated.mean - its.mean,
    error: Math.sqrt(treated.variance / treated.customers + its.variance / its.customers),
    treated: { customers: treated.customers, mean: treated.mean },
    control: { customers: its.customers, mean: its.mean },
  }));
}

/**
 * Shares of customers. The interval is Agresti and Caffo's: one customer more who did and one who didn't in each arm,
 * so that it holds for rare events too. Its p-value is the same statement: below 0.05 whenever zero lies outside.
 */
export function compareRates(
  treated: EventCount,
  control: EventCount | null,
  options: CompareOptions = {},
): Comparison {
  return compare(treated, control, options, (its) => {
    const [a, b] = [smoothed(treated), smoothed(its)];
    return {
      difference: rateOf(treated) - rateOf(its),
      centre: a.rate - b.rate,
      error: Math.sqrt(a.variance + b.variance),
      treated: { customers: treated.customers, mean: rateOf(treated) },
      control: { customers: its.customers, mean: rateOf(its) },
    };
  });
}

interface Measured {
  difference: number;
  /** Middle of the interval. */
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
  if (Math.min(treated.customers, control.customers) < FEWEST) {
    return { kind: 'too_few', treated: treated.customers, control: control.customers, needed: FEWEST };
  }
  const { difference, centre, error, ...sides } = measure(control);
  const width = normalQuantile(1 - (1 - (options.level ?? 0.95)) / 2) * error;
  const detectable = detectableErrors(options) * error;
  const found: ArmDifference = {
    difference,
    low: centre - width,
    high: centre + width,
    detectable,
    ...sides,
  };
  const matters = mattersTo(options, sides.control);
  if (matters !== undefined && detectable > matters && found.low <= 0 && found.high >= 0) {
    return { kind: 'underpowered', ...found };
  }
  const lift = sides.control.mean > 0 ? difference / sides.control.mean : null;
  return { kind: 'compared', ...found, lift, p: twoSided(centre, error) };
}

function mattersTo(
  { relevantDifference: matters, relevantShare: mattersShare }: CompareOptions,
  control: ArmMean,
): number | undefined {
  if (matters !== undefined || mattersShare === undefined) return matters;
  return mattersShare * Math.abs(control.mean);
}

/** Arms without any variance differ for sure, or not at all. */
function twoSided(centre: number, error: number): number {
  if (error === 0) return centre === 0 ? 1 : 0;
  return 2 * normalCdf(-Math.abs(centre) / error);
}

function rateOf({ customers, events }: EventCount): number {
  return events / customers;
}

function smoothed({ customers, events }: EventCount): { rate: number; variance: number } {
  const rate = (events + 1) / (customers + 2);
  return { rate, variance: (rate * (1 - rate)) / (customers + 2) };
}
