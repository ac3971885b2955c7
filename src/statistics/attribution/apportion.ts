/** Parts of one, in whole units: sums of them are exact, and the same in any order. */
export const WHOLE = 2 ** 40;

/**
 * Divides a whole number by weights into whole numbers that sum to it exactly: each gets its share rounded down, and
 * what is left goes to the largest remainders, the earlier first. Nobody gets anything if all weights are zero.
 */
export function apportion(total: number, weights: readonly bigint[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum === 0n) return weights.map(() => 0);
  const products = weights.map((weight) => BigInt(total) * weight);
  const parts = products.map((product) => Number(product / sum));
  const left = total - parts.reduce((a, b) => a + b, 0);
  const byRemainder = products
    .map((product, i) => ({ i, remainder: product % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.i - b.i : a.remainder > b.remainder ? -1 : 1));
  for (const { i } of byRemainder.slice(0, left)) parts[i] = (parts[i] as number) + 1;
  return parts;
}

/** A weight as a whole number of 2⁻⁴⁰ths. */
export function quantizeWeight(weight: number): bigint {
  return BigInt(Math.round(weight * WHOLE));
}
