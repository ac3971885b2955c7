import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as elementary from '../../src/maths/elementary.ts';
import * as gamma from '../../src/maths/gamma.ts';
import * as normal from '../../src/maths/normal.ts';

const { exp, exp2, log, log1p, logistic, pow, softplus } = elementary;
const { hypergeometric2F1, logBeta, logGamma } = gamma;
const { normalCdf, normalQuantile } = normal;

type Reference = [name: string, args: number[], value: number];

/** Values computed with sixty digits, then rounded to the nearest double. */
const REFERENCES: Reference[] = JSON.parse(readFileSync(new URL('reference.json', import.meta.url), 'utf8'));
const OURS = { ...elementary, ...gamma, ...normal } as unknown as Record<
  string,
  (...args: number[]) => number
>;

/** Largest relative error that is let pass. */
const BOUNDS: Record<string, number> = {
  exp: 3e-16,
  exp2: 3e-16,
  log: 3e-16,
  log1p: 4.5e-16,
  pow: 4.5e-16,
  logistic: 4.5e-16,
  softplus: 4.5e-16,
  normalCdf: 1e-14,
  normalQuantile: 1e-15,
  logGamma: 1e-15,
  logBeta: 1e-15,
  hypergeometric2F1: 1e-13,
};

test.each(Object.entries(BOUNDS))(
  'I7: %s has a relative error of at most %f against sixty digits',
  (name, bound) => {
    const references = REFERENCES.filter(([of]) => of === name);
    expect(references.length).toBeGreaterThan(40);
    const wrong = references.filter(([, args, value]) => {
      const ours = OURS[name]?.(...args) ?? Number.NaN;
      return !(Math.abs(ours - value) <= bound * Math.abs(value));
    });
    expect(wrong).toEqual([]);
  },
);

const near = (a: number, b: number) => Object.is(a, b) || Math.abs(a / b - 1) < 1e-15;

test('invalid arguments give the same special values as Math', () => {
  const odd = [0, -0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, 1e300, -1e300, 1e-320];
  const all = [...odd, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const x of all) {
    expect.soft(near(exp(x), Math.exp(x)), `exp ${x}`).toBe(true);
    expect.soft(near(exp2(x), 2 ** x), `2 ^ ${x}`).toBe(true);
    for (const y of all) {
      const [ours, theirs] = [pow(x, y), x ** y];
      expect.soft(near(ours, theirs), `${x} ^ ${y}: ${ours}, not ${theirs}`).toBe(true);
    }
  }
  expect([0, -1, Number.NaN, Number.POSITIVE_INFINITY].map(log)).toEqual([-Infinity, NaN, NaN, Infinity]);
  expect([-1, -2, Number.NaN, Number.POSITIVE_INFINITY].map(log1p)).toEqual([-Infinity, NaN, NaN, Infinity]);
  expect([-800, 800, -Infinity, Infinity].map(logistic)).toEqual([0, 1, 0, 1]);
  expect([-Infinity, Infinity].map(softplus)).toEqual([0, Infinity]);
  expect([0, 1, -0.1, 1.1, NaN].map(normalQuantile)).toEqual([-Infinity, Infinity, NaN, NaN, NaN]);
  expect([-50, 50, NaN].map(normalCdf)).toEqual([0, 1, NaN]);
  expect([0, -1.5, Infinity].map(logGamma)).toEqual([Infinity, NaN, Infinity]);
  expect(logBeta(0, 1)).toBe(Infinity);
  expect([1, -1, 2].map((z) => hypergeometric2F1(1, 1, 2, z))).toEqual([NaN, NaN, NaN]);
  expect(hypergeometric2F1(1, 1, -2, 0.5)).toBe(NaN);
});

const anyNumber = fc.double({ min: -700, max: 700, noNaN: true });

test('inverse elementary functions cancel out, and monotonic ones never fall', () => {
  fc.assert(
    fc.property(anyNumber, anyNumber, (x, y) => {
      expect(Math.abs(log(exp(x)) - x)).toBeLessThan(1e-13 * Math.max(1, Math.abs(x)));
      expect(logistic(x) + logistic(-x)).toBeCloseTo(1, 15);
      if (x < y) {
        expect(exp(x)).toBeLessThanOrEqual(exp(y));
        expect(logistic(x)).toBeLessThanOrEqual(logistic(y));
        expect(softplus(x)).toBeLessThanOrEqual(softplus(y));
      }
    }),
    { numRuns: 5_000 },
  );
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => {
      expect(Math.abs(normalCdf(normalQuantile(p)) / p - 1)).toBeLessThan(1e-13);
    }),
    { numRuns: 2_000 },
  );
});
