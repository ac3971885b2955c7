import { expect, test } from 'vitest';
import { chiSquareTail } from '../../../src/maths/chi-square.ts';
import { createStream } from '../../../src/maths/stream.ts';
import { checkSampleRatio } from '../../../src/statistics/experiments/sample-ratio.ts';
import { binomial, kolmogorovSmirnov } from './support.ts';

test('χ² tails equal tabulated values', () => {
  // Critical values to the tables' digits: degrees of freedom, value, tail.
  const table: [number, number, number][] = [
    [1, 3.841459, 0.05],
    [1, 10.827566, 0.001],
    [2, 5.991465, 0.05],
    [2, 13.815511, 0.001],
    [3, 7.814728, 0.05],
    [4, 18.466827, 0.001],
    [5, 11.070498, 0.05],
    [9, 27.877165, 0.001],
    [10, 18.307038, 0.05],
  ];
  for (const [degrees, x, tail] of table) {
    expect(chiSquareTail(x, degrees) / tail).toBeCloseTo(1, 5);
  }
  expect(chiSquareTail(0, 3)).toBe(1);
  expect(chiSquareTail(Number.POSITIVE_INFINITY, 3)).toBe(0);
});

const halves = (treated: number, control: number) => [
  { arm: 'treated', customers: treated, share: 5000 },
  { arm: 'control', customers: control, share: 5000 },
];

test('C-13: a sample-ratio mismatch makes the experiment invalid', () => {
  expect(checkSampleRatio(halves(50_000, 50_200)).verdict).toBe('ok');
  const lost = checkSampleRatio(halves(50_000, 48_500));
  expect(lost.verdict).toBe('invalid');
  expect(lost.p).toBeLessThan(0.001);
  expect(lost.arms).toEqual([
    { arm: 'treated', customers: 50_000, expected: 49_250 },
    { arm: 'control', customers: 48_500, expected: 49_250 },
  ]);
});

test('C-13: too few customers and a single arm are reported; customers in an arm without a share are invalid', () => {
  expect(checkSampleRatio(halves(4, 3)).verdict).toBe('too_few');
  expect(checkSampleRatio([]).verdict).toBe('one_arm');
  const none = [
    { arm: 'treated', customers: 900, share: 10_000 },
    { arm: 'control', customers: 0, share: 0 },
  ];
  expect(checkSampleRatio(none).verdict).toBe('one_arm');
  expect(
    checkSampleRatio([none[0] as (typeof none)[0], { arm: 'control', customers: 1, share: 0 }]).verdict,
  ).toBe('invalid');
});

test('C-13: correct assignments pass, and their p-values are uniform', () => {
  const draw = createStream('sample ratios');
  const ps = Array.from({ length: 400 }, () => {
    const control = binomial(draw, 5000, 0.1);
    return checkSampleRatio([
      { arm: 'treated', customers: 5000 - control, share: 9000 },
      { arm: 'control', customers: control, share: 1000 },
    ]).p;
  });
  expect(kolmogorovSmirnov(ps)).toBeLessThan(1.95);
});
