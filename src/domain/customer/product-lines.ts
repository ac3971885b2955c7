import { toText } from '../event.ts';
import { readFactId } from '../fact-id.ts';
import { toMinorUnits } from '../values/money.ts';
import { readNumber } from '../values/read-number.ts';

/** A product of an order or a return. */
export interface ProductLine {
  /** Identity of the product, see {@link identifyProduct}; empty if it names none. */
  product: string;
  /** Of one piece, in minor units; null if unknown. */
  price: number | null;
  /** Null if it is not said. */
  quantity: number | null;
}

/** Products kept of a cart or an order. */
export const KEPT_ITEMS = 50;
const LONGEST = 64;
const MOST_PIECES = 1e6;

/** The list of products as sent, at most {@link KEPT_ITEMS}. */
export function readItems(products: unknown): unknown[] {
  return Array.isArray(products) ? products.slice(0, KEPT_ITEMS) : [];
}

/** Identifies a product by the text of its id, else by its `sku`, else by `variant` and `name`. */
export function identifyProduct(item: unknown): string | undefined {
  const { product_id: id, sku, variant, name } = toRecord(item);
  const own = readFactId(id) ?? readFactId(sku);
  if (own !== undefined) return own;
  const words = [readWord(variant), readWord(name)].filter((word) => word !== undefined);
  return words.length > 0 ? words.join(' ') : undefined;
}

export function readLines(products: unknown, currency: string): ProductLine[] {
  return readItems(products).map((item) => ({
    product: identifyProduct(item)?.slice(0, LONGEST) ?? '',
    price: readPrice(item, currency),
    quantity: readQuantity(item),
  }));
}

/** What these lines cost together: price × quantity. Null if one of them lacks either. */
export function sumLines(lines: readonly ProductLine[]): number | null {
  let sum = 0;
  for (const { price, quantity } of lines) {
    if (price === null || quantity === null) return null;
    sum += Math.round(price * quantity);
  }
  return sum;
}

export function readQuantity(item: unknown): number | null {
  const quantity = readNumber(toRecord(item).quantity);
  return quantity !== null && quantity >= 0 && quantity <= MOST_PIECES ? quantity : null;
}

function readPrice(item: unknown, currency: string): number | null {
  const price = toMinorUnits(toRecord(item).price, currency);
  return price !== null && price >= 0 ? price : null;
}

function readWord(value: unknown): string | undefined {
  return toText(toText(value)?.trim());
}

function toRecord(item: unknown): Record<string, unknown> {
  return typeof item === 'object' && item !== null ? (item as Record<string, unknown>) : {};
}
