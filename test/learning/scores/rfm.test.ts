import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY } from '../../../src/domain/time/time.ts';
import { summarizePurchases } from '../../../src/learning/scores/buying-facts.ts';
import { computeRanks, findRank } from '../../../src/learning/scores/ranks.ts';
import {
  computeCutPoints,
  computeRecency,
  computeRfmCell,
  findQuintile,
} from '../../../src/learning/scores/rfm.ts';
import { CALIBRATED, cdnow, holdout } from './cdnow.ts';

const facts = () => cdnow().map((customer) => summarizePurchases(customer, CALIBRATED));
const all = facts().flatMap((f) => f ?? []);
const cuts = {
  recency: computeCutPoints(all.map(({ last }) => computeRecency(last, CALIBRATED))),
  frequency: computeCutPoints(all.map(({ orders }) => orders)),
  monetary: computeCutPoints(all.map(({ spend }) => spend)),
};

/** Mean dollars of the next nine months, by the fifth that customers are in. */
function futureBy(of: 'r' | 'f' | 'm' | 'cell'): Record<string, { mean: number; n: number }> {
  const groups: Record<string, { mean: number; n: number }> = {};
  const after = holdout();
  for (const [i, f] of facts().entries()) {
    const key = String(computeRfmCell(f, cuts, CALIBRATED)?.[of]);
    const group = groups[key] ?? { mean: 0, n: 0 };
    groups[key] = group;
    group.n++;
    group.mean += ((after[i]?.amount ?? 0) / 100 - group.mean) / group.n;
  }
  return groups;
}

test('D-11: on CDNOW the best fifth by spend goes on to spend more than 15 times what the worst does', () => {
  const m = futureBy('m');
  expect((m['5']?.mean ?? 0) / (m['1']?.mean ?? 1)).toBeGreaterThan(15);
  // Spend hardly ties, so the reference of one customer after the other in file order is matched to a dollar.
  for (const [part, reference] of Object.entries({ 1: 5.18, 2: 8.08, 3: 13.28, 4: 24.27, 5: 99.64 }))
    expect(Math.abs((m[part]?.mean ?? 0) - reference), `M${part}`).toBeLessThan(1);
});

test('D-11: recency is near the reference, which splits ties within a day; the order of the best is equal', () => {
  const r = futureBy('r');
  for (const [part, reference] of Object.entries({ 3: 10.65, 4: 28.95, 5: 92.18 }))
    expect(Math.abs((r[part]?.mean ?? 0) - reference), `R${part}`).toBeLessThan(3);
  expect(
    Object.values(r)
      .map(({ n }) => n)
      .every((n) => Math.abs(n - all.length / 5) < 60),
  ).toBe(true);
});

test('D-11: customers with one order, most of CDNOW, all have the same frequency, unlike in the reference', () => {
  const f = futureBy('f');
  const once = all.filter(({ orders }) => orders === 1).length;
  expect(once / all.length).toBeGreaterThan(0.5);
  expect(Object.keys(f)).toEqual(['2', '4', '5']);
  expect(f['2']?.n).toBe(once);
  expect(f['5']?.mean).toBeGreaterThan(90);
  const cells = futureBy('cell');
  expect(cells['555']?.mean).toBeGreaterThan(130);
  expect(cells['555']?.n).toBeGreaterThan(200);
});

test('D-11: equal values get the same fifth and higher values never a lower one, in any order of reading', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1 }), fc.nat(), (values, turn) => {
      const cut = computeCutPoints(values);
      const turned = [...values.slice(turn % values.length), ...values.slice(0, turn % values.length)];
      expect(computeCutPoints(turned)).toEqual(cut);
      const sorted = [...values].sort((a, b) => a - b);
      for (let i = 1; i < sorted.length; i++)
        expect(findQuintile(sorted[i] as number, cut)).toBeGreaterThanOrEqual(
          findQuintile(sorted[i - 1] as number, cut),
        );
      for (const value of values) {
        // By definition: the average rank of the value among the values.
        const below = values.filter((other) => other < value).length;
        const equal = values.filter((other) => other === value).length;
        const expected = Math.min(5, Math.floor(((below + equal / 2) * 5) / values.length) + 1);
        expect(findQuintile(value, cut)).toBe(expected);
      }
    }),
  );
});

test('without ties the fifths are equal; an empty population, one customer and NaN have a result', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i);
  const cut = computeCutPoints(hundred);
  expect(cut).toEqual([20, 40, 60, 80]);
  expect([-5, 0, 19, 20, 79, 80, 1e9].map((value) => findQuintile(value, cut))).toEqual([
    1, 1, 1, 2, 4, 5, 5,
  ]);
  expect(computeCutPoints([])).toEqual([null, null, null, null]);
  expect(findQuintile(3, computeCutPoints([]))).toBe(1);
  expect(findQuintile(7, computeCutPoints([7]))).toBe(3);
  expect(computeCutPoints([1, Number.NaN, 2])).toEqual(computeCutPoints([1, 2]));
  expect(computeRfmCell(null, cuts, CALIBRATED)).toBe(null);
  expect(JSON.parse(JSON.stringify(computeCutPoints([7])))).toEqual(computeCutPoints([7]));
});

test('recency counts whole days backwards and ignores purchases in the future', () => {
  expect(computeRecency(CALIBRATED - 2 * DAY - 5, CALIBRATED)).toBe(-2);
  expect(computeRecency(CALIBRATED + DAY, CALIBRATED)).toBe(-0);
  const purchases = [1, 3, 2].map((day) => ({ at: day * DAY, amount: day, categories: [] }));
  expect(summarizePurchases({ purchases, earlier: null }, 2 * DAY)).toEqual({
    first: DAY,
    last: 2 * DAY,
    orders: 2,
    spend: 3,
  });
  expect(summarizePurchases({ purchases, earlier: { count: 4, first: 5, amount: 10 } }, 3 * DAY)).toEqual({
    first: 5,
    last: 3 * DAY,
    orders: 7,
    spend: 16,
  });
  expect(summarizePurchases({ purchases: [], earlier: null }, 0)).toBe(null);
});

test('a rank never falls with a higher value; it is 0 below all, 1 above all, and 0.5 where all are equal', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 300 }),
      fc.array(fc.double({ min: -60, max: 60, noNaN: true }), { minLength: 2 }),
      (values, samples) => {
        const ranks = computeRanks(values);
        const sorted = [...samples, ...values].sort((a, b) => a - b).map((value) => findRank(value, ranks));
        for (let i = 1; i < sorted.length; i++)
          expect(sorted[i] as number).toBeGreaterThanOrEqual((sorted[i - 1] as number) - 1e-12);
        expect(findRank(-61, ranks)).toBe(0);
        expect(findRank(61, ranks)).toBe(1);
      },
    ),
  );
  expect(findRank(4, computeRanks([4, 4, 4]))).toBe(0.5);
  expect(findRank(4, [])).toBe(0.5);
  expect(findRank(Number.NaN, computeRanks([1, 2]))).toBe(0.5);
});
