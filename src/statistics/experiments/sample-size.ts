import { normalQuantile } from '../../maths/normal.ts';

/** How sure a test is to be: `level` of the interval, and the `power` to see a difference that is there. */
export interface TestCertainty {
  level?: number;
  power?: number;
}

/** Standard errors that a difference must measure to be seen: 2.80 at 95 % and a power of 80 %. */
export function detectableErrors({ level = 0.95, power = 0.8 }: TestCertainty = {}): number {
  return normalQuantile(1 - (1 - level) / 2) + normalQuantile(power);
}

/** Customers that each of two equal arms needs to see `difference` from the rate `rate`: about 16·p(1−p)/Δ². */
export function requiredCustomersPerArm(rate: number, difference: number, certainty?: TestCertainty): number {
  return Math.ceil((2 * detectableErrors(certainty) ** 2 * rate * (1 - rate)) / difference ** 2);
}

/**
 * Customers needed in all, treated and held out, to see `difference` from the rate `rate` with a holdout of the share
 * `holdout` (0…1): about 7.85·p(1−p)/(Δ²h(1−h)).
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

/** The smallest difference from the rate `rate` that so many customers in all, so many of them held out, let see. */
export function detectableRate(
  rate: number,
  customers: number,
  holdout: number,
  certainty?: TestCertainty,
): number {
  return detectableErrors(certainty) * Math.sqrt((rate * (1 - rate)) / (customers * holdout * (1 - holdout)));
}
