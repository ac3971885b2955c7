import type { ProductLine } from './product-lines.ts';

/** Categories kept per order. */
const MOST = 10;

/**
 * Splits an order's total among the categories of its products, in proportion to price × quantity, or to quantity if a
 * price is missing. The part of products without a category is left out of the result.
 * @param total in minor units, as are the amounts of the result
 */
export function splitByCategory(
  lines: readonly ProductLine[],
  total: number,
): { name: string; amount: number }[] {
  const priced = lines.every(({ price }) => price !== null);
  const weights = new Map<string, number>();
  let totalWeight = 0;
  for (const { category, price, quantity } of lines) {
    const weight = (priced ? (price as number) : 1) * (quantity ?? 1);
    totalWeight += weight;
    if (category !== undefined) weights.set(category, (weights.get(category) ?? 0) + weight);
  }
  if (!(totalWeight > 0)) return [];
  return [...weights]
    .map(([name, weight]) => ({ name, amount: Math.floor((total * weight) / totalWeight) }))
    .sort((a, b) => b.amount - a.amount || (a.name < b.name ? -1 : 1))
    .slice(0, MOST);
}
