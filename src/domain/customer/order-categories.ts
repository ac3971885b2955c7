import { toText } from '../event.ts';

/** Categories of one order that are kept; the others are left over. */
const MOST = 10;
const LONGEST = 64;

/**
 * An order's total by the categories of its products, in minor units, by name: in proportion to price × quantity, or by
 * quantity alone where a price is missing. Products without a category get their part too, which nobody is told of.
 * Empty if none has one.
 */
export function splitByCategory(
  products: readonly unknown[],
  total: number,
): { name: string; amount: number }[] {
  const lines = products.map(lineOf);
  const priced = lines.every(({ price }) => price !== null);
  const parts = new Map<string, number>();
  let all = 0;
  for (const { category, price, quantity } of lines) {
    const part = (priced ? (price as number) : 1) * quantity;
    all += part;
    if (category !== undefined) parts.set(category, (parts.get(category) ?? 0) + part);
  }
  if (!(all > 0)) return [];
  return [...parts]
    .map(([name, part]) => ({ name, amount: Math.floor((total * part) / all) }))
    .sort((a, b) => b.amount - a.amount || (a.name < b.name ? -1 : 1))
    .slice(0, MOST);
}

function lineOf(product: unknown): { category: string | undefined; price: number | null; quantity: number } {
  const { category, price, quantity } = (typeof product === 'object' && product !== null ? product : {}) as {
    category?: unknown;
    price?: unknown;
    quantity?: unknown;
  };
  return {
    category: toText(category)?.slice(0, LONGEST),
    price: amount(price),
    quantity: amount(quantity) ?? 1,
  };
}

function amount(value: unknown): number | null {
  const said = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof said === 'number' && Number.isFinite(said) && said >= 0 && said <= 1e9 ? said : null;
}
