import { toText } from '../event.ts';
import { readFactId } from '../fact-id.ts';
import { readCurrency } from '../values/currency.ts';
import { toMinorUnits } from '../values/money.ts';
import { readNumber } from '../values/read-number.ts';

/** A product of an order or a return. */
export interface ProductLine {
  /** Identity of the product, see {@link identifyProduct}; empty if it names none. */
  product: string;
  /** Its `sku`, if that is not its identity: another event may know it by that alone. */
  sku?: string;
  category?: string;
  /** Of one piece, as a decimal; null if unknown. */
  price: number | null;
  /** Only if the product names one. */
  currency?: string;
  /** Null if it is not said. */
  quantity: number | null;
}

/** Products kept of a cart or an order. */
export const KEPT_ITEMS = 50;
const LONGEST = 255;
const LONGEST_CATEGORY = 64;
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

/** Whether two lines are about one product. A product is known by its `sku` where a line has nothing else. */
export function isSameProduct(
  a: Pick<ProductLine, 'product' | 'sku'>,
  b: Pick<ProductLine, 'product' | 'sku'>,
): boolean {
  if (a.product === '' || b.product === '') return false;
  if (a.product === b.product) return true;
  return a.sku === undefined ? b.sku === a.product : b.sku === undefined && a.sku === b.product;
}

/** By what an item of a list is known. */
export function readIdentity(item: unknown): Pick<ProductLine, 'product' | 'sku'> {
  const product = identifyProduct(item)?.slice(0, LONGEST) ?? '';
  const sku = readFactId(toRecord(item).sku)?.slice(0, LONGEST);
  return sku === undefined || sku === product ? { product } : { product, sku };
}

/** @param currency of the order or cart, which says what a sign such as `$` means */
export function readLines(products: unknown, currency: string): ProductLine[] {
  return readItems(products).map((item) => {
    const named = readCurrency(toRecord(item).currency, currency);
    const category = toText(toRecord(item).category)?.slice(0, LONGEST_CATEGORY);
    return {
      ...readIdentity(item),
      ...(category === undefined ? {} : { category }),
      price: readPrice(item, named ?? currency),
      quantity: readQuantity(item),
      ...(named === undefined ? {} : { currency: named }),
    };
  });
}

/**
 * What these lines cost together: price × quantity, in minor units. Null if one of them lacks either, or names another
 * currency.
 */
export function sumLines(lines: readonly ProductLine[], currency: string): number | null {
  let sum = 0;
  for (const { price, quantity, currency: named } of lines) {
    const own = named === undefined ? currency : readCurrency(named, currency);
    const minor = own === currency ? toMinorUnits(price, currency) : null;
    if (minor === null || quantity === null) return null;
    sum += Math.round(minor * quantity);
  }
  return sum;
}

export function readQuantity(item: unknown): number | null {
  const quantity = readNumber(toRecord(item).quantity);
  return quantity !== null && quantity >= 0 && quantity <= MOST_PIECES ? quantity : null;
}

function readPrice(item: unknown, currency: string): number | null {
  const { price } = toRecord(item);
  const minor = toMinorUnits(price, currency);
  return minor !== null && minor >= 0 ? readNumber(price) : null;
}

function readWord(value: unknown): string | undefined {
  return toText(toText(value)?.trim());
}

function toRecord(item: unknown): Record<string, unknown> {
  return typeof item === 'object' && item !== null ? (item as Record<string, unknown>) : {};
}
