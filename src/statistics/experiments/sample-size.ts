import { normalQuantile } from '../../maths/normal.ts';

/** Certainty of a test: the `level` of its interval, and its `power` to detect a real difference. */
export interface TestCertainty {
  level?: number;
  power?: number;
}

/** Size of a detectable difference in standard errors, z(1−α/2) + z(power): 2.80 at a level of 95 % and a power of 80 %. */
export function detectableErrors({ level = 0.95, power = 0.8 }: TestCertainty = {}): number {
  return normalQuantile(1 - (1 - level) / 2) + normalQuantile(power);
}

/**
 * Computes the customers that each of two equal arms needs to detect `difference` from the rate `rate`: about
 * 16·p(1−p)/Δ² (Lehr, 1992).
 */
export function requiredCustomersPerArm(rate: number, difference: number, certainty?: TestCertainty): number {
  return Math.ceil((2 * detectableErrors(certainty) ** 2 * rate * (1 - rate)) / difference ** 2);
}

/**
 * Computes the customers needed in total, treated and held out, to detect `difference` from the rate `rate` with the
 * holdout share `holdout` (0…1): about 7.85·p(1−p)/(Δ²h(1−h)).
 */
export function requiredCustomers(
  rate: number,
  difference: number,
  holdout: number,
  certainty?: TestCertainty,
): number {
  return Math.ceil(
    (detectableErrors(certainty) ** 2 * rate * (1 - rate)) / (difference ** 2 * holdout * (1 - holdout)),
  );
}

/** Computes the smallest detectable difference from the rate `rate`, with this many customers and this holdout share. */
export function detectableRate(
  rate: number,
  customers: number,
  holdout: number,
  certainty?: TestCertainty,
): number {
  return detectableErrors(certainty) * Math.sqrt((rate * (1 - rate)) / (customers * holdout * (1 - holdout)));
}
