/** One, in whole units of 2⁻⁴⁰. Sums of whole units are exact, and the same in any order. */
export const WHOLE = 2 ** 40;

/**
 * Divides a whole number by weights into whole numbers that sum to it exactly, by the largest remainder method (Hamilton):
 * each gets its share rounded down, and the rest goes to the largest remainders, the earlier first. All parts are 0 if all
 * weights are 0.
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

/** Converts a weight to whole units of 2⁻⁴⁰. */
export function quantizeWeight(weight: number): bigint {
  return BigInt(Math.round(weight * WHOLE));
}
