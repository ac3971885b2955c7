import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY } from '../../../src/domain/time/time.ts';
import { apportion } from '../../../src/statistics/attribution/apportion.ts';
import {
  ATTRIBUTION_MODELS,
  type AttributionModel,
  type Credit,
} from '../../../src/statistics/attribution/attribute.ts';
import type { TouchPath } from '../../../src/statistics/attribution/touch-paths.ts';
import { anyPaths, attributePaths, NOW, path, sumPaths } from './support.ts';

const anyModel = fc.constantFrom(...ATTRIBUTION_MODELS);

function credit(paths: TouchPath[], model: AttributionModel): Record<string, number> {
  return Object.fromEntries(attributePaths(paths, model).map((c) => [c.touchpoint, c.milliConversions]));
}

function total(credits: Credit[], of: 'milliConversions' | 'value'): number {
  return credits.reduce((sum, c) => sum + c[of], 0);
}

test('C-10: the credits of every model sum to all conversions and values exactly, in whole units of at least 0', () => {
  fc.assert(
    fc.property(anyPaths, anyModel, (paths, model) => {
      const credits = attributePaths(paths, model);
      expect(total(credits, 'milliConversions')).toBe(1000 * paths.reduce((s, p) => s + p.conversions, 0));
      expect(total(credits, 'value')).toBe(paths.reduce((s, p) => s + p.value, 0));
      expect(
        credits.every((c) => [c.milliConversions, c.value].every((n) => Number.isInteger(n) && n >= 0)),
      ).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('C-10: no model depends on the order of the paths, bit by bit', () => {
  fc.assert(
    fc.property(
      anyPaths.chain((paths) =>
        fc.tuple(fc.constant(paths), fc.shuffledSubarray(paths, { minLength: paths.length })),
      ),
      anyModel,
      ([paths, shuffled], model) => {
        expect(attributePaths(shuffled, model)).toEqual(attributePaths(paths, model));
      },
    ),
    { numRuns: 300 },
  );
});

test('C-10: no model depends on the time of a path, and only time decay on the gaps between its touches', () => {
  fc.assert(
    fc.property(anyPaths, anyModel, fc.integer({ min: -1000, max: 1000 }), (paths, model, days) => {
      const moved = (by: (at: number) => number) =>
        paths.map((p) => ({
          ...p,
          touches: p.touches.map((t) => ({ ...t, at: by(t.at) })),
        }));
      expect(
        attributePaths(
          moved((at) => at + days * DAY),
          model,
        ),
      ).toEqual(attributePaths(paths, model));
      if (model === 'time_decay') return;
      expect(
        attributePaths(
          moved((at) => NOW + 3 * (at - NOW)),
          model,
        ),
      ).toEqual(attributePaths(paths, model));
    }),
    { numRuns: 200 },
  );
});

test('C-10: linear and Shapley do not depend on the order of touches; last equals first on reversed paths', () => {
  const backwards = (paths: TouchPath[]) =>
    paths.map((p) => ({
      ...p,
      touches: p.touches.map((t, i) => ({
        ...t,
        touchpoint: p.touches.at(-1 - i)?.touchpoint as string,
      })),
    }));
  fc.assert(
    fc.property(anyPaths, (paths) => {
      for (const model of ['linear', 'shapley', 'position'] as const) {
        expect(attributePaths(backwards(paths), model)).toEqual(attributePaths(paths, model));
      }
      expect(attributePaths(backwards(paths), 'last')).toEqual(attributePaths(paths, 'first'));
    }),
  );
});

test('C-10: the credits of one path under each model, in thousandths', () => {
  const one = [path(['web', 'email', 'sms', 'email'], 1, 1000)];
  expect(credit(one, 'last')).toEqual({ email: 1000, sms: 0, web: 0 });
  expect(credit(one, 'first')).toEqual({ email: 0, sms: 0, web: 1000 });
  expect(credit(one, 'linear')).toEqual({ email: 500, sms: 250, web: 250 });
  expect(credit(one, 'position')).toEqual({ email: 500, sms: 100, web: 400 });
  expect(credit(one, 'shapley')).toEqual({ email: 334, sms: 333, web: 333 });
  expect(credit([path(['web', 'sms'], 1)], 'position')).toEqual({ sms: 500, web: 500 });
  expect(credit([path(['web'], 1)], 'position')).toEqual({ web: 1000 });
});

test('C-10: under time decay a touch seven days before another counts half', () => {
  const touches = [
    { touchpoint: 'web', at: NOW - 8 * DAY },
    { touchpoint: 'sms', at: NOW - DAY },
  ];
  const decayed = [{ touches, lost: 0, conversions: 1, value: 900 }];
  expect(attributePaths(decayed, 'time_decay')).toEqual([
    { touchpoint: 'sms', milliConversions: 667, value: 600 },
    { touchpoint: 'web', milliConversions: 333, value: 300 },
  ]);
});

test('C-10: conversions without a touch are credited to no touchpoint', () => {
  const paths = [path([], 1, 500), path(['web'], 1, 700), path(['sms'], 0)];
  for (const model of ATTRIBUTION_MODELS) {
    expect(attributePaths(paths, model)).toEqual([
      { touchpoint: 'sms', milliConversions: 0, value: 0 },
      { touchpoint: 'web', milliConversions: 1000, value: 700 },
      { touchpoint: null, milliConversions: 1000, value: 500 },
    ]);
  }
});

test('C-10: rounding of many small paths favours no touchpoint', () => {
  const paths = Array.from({ length: 999 }, () => path(['a', 'b', 'c'], 1, 1));
  expect(attributePaths(paths, 'linear').map((c) => c.value)).toEqual([333, 333, 333]);
});

test('apportion gives each part within one of its exact share, and the parts sum exactly', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 50 }),
      fc.array(fc.bigInt({ min: 0n, max: 2n ** 90n }), { minLength: 1, maxLength: 9 }),
      (whole, weights) => {
        const sum = weights.reduce((a, b) => a + b, 0n);
        const parts = apportion(whole, weights);
        expect(parts.reduce((a, b) => a + b, 0)).toBe(sum === 0n ? 0 : whole);
        parts.forEach((part, i) => {
          const off = BigInt(part) * sum - BigInt(whole) * (weights[i] as bigint);
          expect(sum === 0n || (off < sum && off > -sum)).toBe(true);
        });
      },
    ),
  );
});

test('C-10: taking a path away again leaves exactly the sums of the others', () => {
  fc.assert(
    fc.property(anyPaths, anyPaths, (paths, gone) => {
      const negated = gone.map((p) => ({
        ...p,
        lost: -p.lost,
        conversions: -p.conversions,
        value: -p.value,
      }));
      const left = [...sumPaths([...paths, ...gone, ...negated])].filter(([, sums]) => sums.some(Boolean));
      expect(new Map(left)).toEqual(new Map([...sumPaths(paths)].filter(([, sums]) => sums.some(Boolean))));
    }),
  );
});

test('paths with numbers that are not whole throw, with the reason', () => {
  expect(() => attributePaths([path(['web'], 1, 9.5)], 'last')).toThrow('minor units');
});
