import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createStream } from '../../../src/maths/stream.ts';
import { type Comparison, compareMeans, compareRates } from '../../../src/statistics/experiments/compare.ts';
import { summarizeSample } from '../../../src/statistics/experiments/sample.ts';
import { binomial, kolmogorovSmirnov } from './support.ts';

type Compared = Extract<Comparison, { kind: 'compared' }>;

test('E-4: without a control the comparison has no number, only the reason', () => {
  expect(compareRates({ customers: 9000, events: 800 }, null)).toEqual({ kind: 'no_control', treated: 9000 });
  expect(compareMeans(summarizeSample([1, 2, 3]), summarizeSample([]))).toEqual({
    kind: 'no_control',
    treated: 3,
  });
  expect(compareRates({ customers: 9000, events: 800 }, { customers: 29, events: 1 })).toEqual({
    kind: 'too_few',
    treated: 9000,
    control: 29,
    needed: 30,
  });
});

test('C-13: A/A tests pass: the p-values of rates and of means are uniform', () => {
  const draw = createStream('A/A');
  const rates: number[] = [];
  const means: number[] = [];
  for (let r = 0; r < 300; r++) {
    const count = (n: number) => ({ customers: n, events: binomial(draw, n, 0.2) });
    rates.push((compareRates(count(1500), count(500)) as Compared).p);
    // Most buy nothing, some buy for very different sums.
    const spend = (n: number) =>
      summarizeSample(
        Array.from({ length: n }, () => (draw.uniform() < 0.3 ? 5000 * draw.uniform() ** 2 : 0)),
      );
    means.push((compareMeans(spend(800), spend(400)) as Compared).p);
  }
  expect(kolmogorovSmirnov(rates)).toBeLessThan(1.95);
  expect(kolmogorovSmirnov(means)).toBeLessThan(1.95);
});

test('C-9: 95 % intervals of rare rates in unequal arms cover the true difference', () => {
  const draw = createStream('rare');
  let covered = 0;
  for (let r = 0; r < 400; r++) {
    const comparison = compareRates(
      { customers: 1800, events: binomial(draw, 1800, 0.01) },
      { customers: 200, events: binomial(draw, 200, 0.005) },
    ) as Compared;
    if (comparison.low <= 0.005 && 0.005 <= comparison.high) covered++;
  }
  expect(covered / 400).toBeGreaterThanOrEqual(0.93);
});

test('C-9: the p-value is below 0.05 exactly when zero is outside the interval', () => {
  const count = fc
    .tuple(fc.integer({ min: 30, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([customers, share]) => ({ customers, events: Math.round(customers * share) }));
  fc.assert(
    fc.property(count, count, (treated, control) => {
      const comparison = compareRates(treated, control) as Compared;
      expect(comparison.low > 0 || comparison.high < 0).toBe(comparison.p < 0.05);
      expect(comparison.difference).toBeGreaterThanOrEqual(-1);
      const back = compareRates(control, treated) as Compared;
      expect([back.difference, back.p]).toEqual([-comparison.difference, comparison.p].map((n) => n + 0));
      expect(JSON.parse(JSON.stringify(comparison))).toEqual(comparison);
    }),
  );
});

test('C-9: arms that cannot detect a relevant difference are underpowered and report the detectable difference', () => {
  const options = { relevantDifference: 0.002 };
  const few = compareRates({ customers: 9000, events: 180 }, { customers: 1000, events: 21 }, options);
  expect(few.kind).toBe('underpowered');
  expect(few).not.toHaveProperty('p');
  expect((few as Extract<Comparison, { kind: 'underpowered' }>).detectable).toBeGreaterThan(0.002);
  // A significant difference is reported, however few customers there are.
  const clear = compareRates({ customers: 9000, events: 900 }, { customers: 1000, events: 21 }, options);
  expect(clear).toMatchObject({ kind: 'compared', difference: 0.1 - 0.021 });
  const worse = compareRates({ customers: 9000, events: 90 }, { customers: 1000, events: 60 }, options);
  expect(worse).toMatchObject({ kind: 'compared', difference: 0.01 - 0.06 });
});

test('C-9: means, interval and lift equal values computed by hand', () => {
  const comparison = compareMeans(
    { customers: 400, mean: 12, variance: 100 },
    { customers: 100, mean: 10, variance: 100 },
  ) as Compared;
  const error = Math.sqrt(100 / 400 + 100 / 100);
  expect(comparison).toMatchObject({ kind: 'compared', difference: 2, lift: 0.2 });
  expect(comparison.low).toBeCloseTo(2 - 1.959964 * error, 5);
  expect(comparison.high).toBeCloseTo(2 + 1.959964 * error, 5);
  expect(
    compareMeans({ customers: 40, mean: 1, variance: 0 }, { customers: 40, mean: 0, variance: 0 }),
  ).toMatchObject({
    p: 0,
    lift: null,
  });
});

test('summarizeSample throws for a number that is not finite', () => {
  expect(summarizeSample([1, 2, 3, 4])).toEqual({ customers: 4, mean: 2.5, variance: 5 / 3 });
  expect(() => summarizeSample([1, Number.NaN])).toThrow("NaN can't be averaged");
});
