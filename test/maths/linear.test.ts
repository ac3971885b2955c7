import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cholesky, halfSolve, inverseFactor, rowStart, solve, triangleSize } from '../../src/maths/linear.ts';

/** A = I + Σ v·vᵀ: positive definite whatever the vectors are. */
const anyMatrix = fc.integer({ min: 1, max: 9 }).chain((n) =>
  fc.record({
    n: fc.constant(n),
    vectors: fc.array(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: n, maxLength: n }), {
      maxLength: 12,
    }),
    b: fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: n, maxLength: n }),
  }),
);

function full(n: number, upper: ArrayLike<number>): number[][] {
  const at = (i: number, j: number) => upper[rowStart(Math.min(i, j), n) + Math.abs(i - j)] as number;
  return Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => at(i, j)));
}

function upperOf(n: number, vectors: number[][]): Float64Array {
  const upper = new Float64Array(triangleSize(n));
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++)
      upper[rowStart(i, n) + j - i] =
        (i === j ? 1 : 0) + vectors.reduce((sum, v) => sum + (v[i] as number) * (v[j] as number), 0);
  return upper;
}

const times = (a: number[][], x: ArrayLike<number>) =>
  a.map((row) => row.reduce((sum, value, j) => sum + value * (x[j] as number), 0));
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * (b[i] as number), 0);

test('solutions solve their equations, and quadratic forms of the inverse equal those of the full matrix', () => {
  fc.assert(
    fc.property(anyMatrix, ({ n, vectors, b }) => {
      const upper = upperOf(n, vectors);
      const a = full(n, upper);
      const factor = cholesky(upper, n) as Float64Array;
      const solved = solve(factor, n, b);
      times(a, solved).forEach((value, i) => {
        expect(value).toBeCloseTo(b[i] as number, 8);
      });
      const half = halfSolve(factor, n, b);
      expect(dot(half, half)).toBeCloseTo(dot(b, solved), 8);
      const root = inverseFactor(factor, n);
      const column = Array.from({ length: n }, (_, j) =>
        Array.from({ length: j + 1 }, (__, i) => (root[rowStart(i, n) + j - i] as number) * (b[i] as number)),
      ).map((terms) => terms.reduce((sum, term) => sum + term, 0));
      expect(dot(column, column)).toBeCloseTo(dot(half, half), 8);
    }),
    { numRuns: 300 },
  );
});

test('a matrix that is not positive definite, or has NaN or infinity, has no factor', () => {
  expect(cholesky([1, 2, 1], 2)).toBeNull();
  expect(cholesky([0], 1)).toBeNull();
  expect(cholesky([1, Number.NaN, 1], 2)).toBeNull();
  expect(cholesky([Number.POSITIVE_INFINITY], 1)).toBeNull();
  expect(cholesky([4, 2, 5], 2)).toEqual(Float64Array.of(2, 1, 2));
});
