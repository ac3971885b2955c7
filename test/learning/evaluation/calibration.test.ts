import fc from 'fast-check';
import { expect, test } from 'vitest';
import { computeCalibration, type Prediction } from '../../../src/learning/evaluation/calibration.ts';
import { createStream } from '../../../src/maths/stream.ts';

/** Cases with a small true probability, as for purchases; `say` converts it to the model's prediction. */
function cases(n: number, say: (chance: number) => number): Prediction[] {
  const draw = createStream('calibration');
  return Array.from({ length: n }, () => {
    const chance = 0.1 * draw.uniform() * draw.uniform();
    return { predicted: say(chance), occurred: draw.uniform() < chance };
  });
}

test('D-15: a model that predicts the true probabilities is calibrated, an overconfident one is not', () => {
  const calibrated = computeCalibration(
    cases(40_000, (p) => p),
    10,
  );
  expect(calibrated?.ece).toBeLessThan(0.004);
  expect(calibrated?.bins).toHaveLength(10);
  expect(calibrated?.brier).toBeLessThan(calibrated?.brierOfMean as number);
  const boasting = computeCalibration(
    cases(40_000, (p) => 3 * p),
    10,
  );
  expect(boasting?.ece).toBeGreaterThan(0.04);
});

test('D-15: bins, calibration error and Brier score equal values computed by hand', () => {
  const calibration = computeCalibration(
    [
      { predicted: 0.1, occurred: false },
      { predicted: 0.1, occurred: true },
      { predicted: 0.6, occurred: true },
      { predicted: 0.8, occurred: true },
    ],
    2,
  );
  expect(calibration?.bins.map((bin) => [bin.cases, bin.from, bin.to, bin.occurred])).toEqual([
    [2, 0.1, 0.1, 0.5],
    [2, 0.6, 0.8, 1],
  ]);
  expect(calibration?.ece).toBeCloseTo((0.4 + 0.3) / 2, 12);
  expect(calibration?.brier).toBeCloseTo((0.01 + 0.81 + 0.16 + 0.04) / 4, 12);
  expect(calibration?.brierOfMean).toBeCloseTo(0.1875, 12);
});

test('D-15: every case is in exactly one bin, and equal predictions share a bin', () => {
  const predictions = fc.array(
    fc.record({ predicted: fc.integer({ min: 0, max: 20 }).map((n) => n / 20), occurred: fc.boolean() }),
    { minLength: 1, maxLength: 60 },
  );
  fc.assert(
    fc.property(predictions, fc.integer({ min: 1, max: 12 }), (all, bins) => {
      const calibration = computeCalibration(all, bins);
      expect(calibration?.bins.reduce((sum, bin) => sum + bin.cases, 0)).toBe(all.length);
      expect(calibration?.bins.length).toBeLessThanOrEqual(bins);
      calibration?.bins.forEach((bin, i) => {
        expect(bin.from).toBeGreaterThan(calibration.bins[i - 1]?.to ?? -1);
      });
      expect(computeCalibration([...all].reverse(), bins)?.ece).toBeCloseTo(calibration?.ece as number, 12);
    }),
  );
});

test('D-15: invalid probabilities are counted separately; without cases the result is null', () => {
  const bad = [Number.NaN, -0.1, 1.1, Number.POSITIVE_INFINITY].map((predicted) => ({
    predicted,
    occurred: true,
  }));
  expect(computeCalibration([...bad, { predicted: 1, occurred: true }])).toMatchObject({
    cases: 1,
    faulty: 4,
    ece: 0,
  });
  expect(computeCalibration(bad)).toBeNull();
});
