/**
 * Linear algebra for symmetric positive definite n × n matrices, stored as their upper triangle row by row: (0,0), (0,1) …
 * (0,n−1), (1,1) …. Triangular matrices are stored in the same way. Algorithms: Golub and Van Loan, "Matrix Computations",
 * chapters 3 and 4.
 */

/** Number of elements of an upper triangle. */
export function triangleSize(n: number): number {
  return (n * (n + 1)) / 2;
}

/** Index of the first element of row i of an upper triangle, its diagonal element. */
export function rowStart(i: number, n: number): number {
  return i * n - (i * (i - 1)) / 2;
}

/**
 * Cholesky decomposition: the upper triangular R with RᵀR = A.
 *
 * @returns null if A isn't positive definite, or has an element that isn't finite
 */
export function cholesky(upper: ArrayLike<number>, n: number): Float64Array | null {
  const factor = Float64Array.from(upper);
  for (let i = 0; i < n; i++) {
    const row = rowStart(i, n) - i;
    const diagonal = factor[row + i] as number;
    if (!(diagonal > 0 && diagonal < Infinity)) return null;
    const root = Math.sqrt(diagonal);
    factor[row + i] = root;
    for (let j = i + 1; j < n; j++) factor[row + j] = (factor[row + j] as number) / root;
    for (let k = i + 1; k < n; k++) {
      const below = rowStart(k, n) - k;
      const scale = factor[row + k] as number;
      for (let j = k; j < n; j++)
        factor[below + j] = (factor[below + j] as number) - scale * (factor[row + j] as number);
    }
  }
  return factor;
}

/** Solves A·x = b for x, from the factor R of A. */
export function solve(factor: Float64Array, n: number, b: ArrayLike<number>): Float64Array {
  const x = halfSolve(factor, n, b);
  for (let i = n - 1; i >= 0; i--) {
    const row = rowStart(i, n) - i;
    let rest = x[i] as number;
    for (let j = i + 1; j < n; j++) rest -= (factor[row + j] as number) * (x[j] as number);
    x[i] = rest / (factor[row + i] as number);
  }
  return x;
}

/** Solves Rᵀ·y = b for y. The squared length of y is bᵀ·A⁻¹·b. */
export function halfSolve(factor: Float64Array, n: number, b: ArrayLike<number>): Float64Array {
  const y = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    const row = rowStart(i, n) - i;
    const value = (y[i] as number) / (factor[row + i] as number);
    y[i] = value;
    for (let j = i + 1; j < n; j++) y[j] = (y[j] as number) - (factor[row + j] as number) * value;
  }
  return y;
}

/** Inverts R. The result is upper triangular like R, and A⁻¹ = R⁻¹·R⁻ᵀ. */
export function inverseFactor(factor: Float64Array, n: number): Float64Array {
  const result = new Float64Array(triangleSize(n));
  for (let j = 0; j < n; j++) {
    result[rowStart(j, n)] = 1 / (factor[rowStart(j, n)] as number);
    for (let i = j - 1; i >= 0; i--) {
      const row = rowStart(i, n) - i;
      let sum = 0;
      for (let k = i + 1; k <= j; k++)
        sum += (factor[row + k] as number) * (result[rowStart(k, n) + j - k] as number);
      result[row + j] = -sum / (factor[row + i] as number);
    }
  }
  return result;
}
