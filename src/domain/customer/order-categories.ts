import { toText } from '../event.ts';
import { readNumber } from '../values/read-number.ts';

/** Categories kept per order. */
const MOST = 10;
const LONGEST = 64;

/**
 * Splits an order's total among the categories of its products, in proportion to price × quantity, or to quantity if a
 * price is missing. The part of products without a category is left out of the result.
 * @param total in minor units, as are the amounts of the result
 */
export function splitByCategory(
  products: readonly unknown[],
  total: number,
): { name: string; amount: number }[] {
  const lines = products.map(readLine);
  const priced = lines.every(({ price }) => price !== null);
  const weights = new Map<string, number>();
  let totalWeight = 0;
  for (const { category, price, quantity } of lines) {
    const weight = (priced ? (price as number) : 1) * quantity;
    totalWeight += weight;
    if (category !== undefined) weights.set(category, (weights.get(category) ?? 0) + weight);
  }
  if (!(totalWeight > 0)) return [];
  return [...weights]
    .map(([name, weight]) => ({ name, amount: Math.floor((total * weight) / totalWeight) }))
    .sort((a, b) => b.amount - a.amount || (a.name < b.name ? -1 : 1))
    .slice(0, MOST);
}

function readLine(product: unknown): {
  category: string | undefined;
  price: number | null;
  quantity: number;
} {
  const { category, price, quantity } = (typeof product === 'object' && product !== null ? product : {}) as {
    category?: unknown;
    price?: unknown;
    quantity?: unknown;
  };
  return {
    category: toText(category)?.slice(0, LONGEST),
    price: readAmount(price),
    quantity: readAmount(quantity) ?? 1,
  };
}

function readAmount(value: unknown): number | null {
  const parsed = readNumber(value);
  return parsed !== null && parsed >= 0 && parsed <= 1e9 ? parsed : null;
}
