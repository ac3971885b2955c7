import { expect, test } from 'vitest';
import { createStream } from '../../../src/maths/stream.ts';
import { compareRates } from '../../../src/statistics/experiments/compare.ts';
import {
  detectableErrors,
  detectableRate,
  requiredCustomers,
  requiredCustomersPerArm,
} from '../../../src/statistics/experiments/sample-size.ts';
import { binomial } from './support.ts';

test('C-13: the required customers equal the rules of thumb', () => {
  expect(detectableErrors() ** 2).toBeCloseTo(7.849, 3);
  // n ≈ 16·p(1−p)/Δ² an arm, and N ≈ 7.85·p(1−p)/(Δ²h(1−h)) in all.
  expect(requiredCustomersPerArm(0.02, 0.002) / ((16 * 0.02 * 0.98) / 0.002 ** 2)).toBeCloseTo(1, 1);
  expect(requiredCustomers(0.02, 0.002, 0.1) / 427_000).toBeCloseTo(1, 2);
  expect(requiredCustomers(0.02, 0.002, 0.5) / (2 * requiredCustomersPerArm(0.02, 0.002))).toBeCloseTo(1, 4);
});

test('C-13: with the required customers, the detectable difference is the given one', () => {
  for (const holdout of [0.05, 0.1, 0.5]) {
    expect(detectableRate(0.02, requiredCustomers(0.02, 0.003, holdout), holdout)).toBeCloseTo(0.003, 6);
  }
});

test('C-13: with the required customers, 80 % of such differences are detected', () => {
  const draw = createStream('power');
  const n = requiredCustomersPerArm(0.1, 0.03);
  let seen = 0;
  for (let r = 0; r < 300; r++) {
    const comparison = compareRates(
      { customers: n, events: binomial(draw, n, 0.13) },
      { customers: n, events: binomial(draw, n, 0.1) },
    );
    if (comparison.kind === 'compared' && comparison.low > 0) seen++;
  }
  expect(seen / 300).toBeGreaterThan(0.7);
  expect(seen / 300).toBeLessThan(0.88);
});
