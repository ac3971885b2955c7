import type { EventTypes, PropertyType } from './definition/event-types.ts';
import type { JourneyEvent } from './event.ts';
import { readFactIds, readProductIds } from './fact-id.ts';
import { NO_NOTES, type Note, writeNote } from './note.ts';
import { readCurrency } from './values/currency.ts';
import { dropNulls } from './values/drop-nulls.ts';
import { getOwn } from './values/get-own.ts';
import {
  CART_AMOUNTS,
  ORDER_AMOUNTS,
  PAYMENT_AMOUNTS,
  REFUND_AMOUNTS,
  toMinorUnits,
} from './values/money.ts';
import { isAbsent, readNumber } from './values/read-number.ts';

type Properties = Record<string, unknown>;
type Named = Pick<JourneyEvent, 'name' | 'properties'>;

const NONE: EventTypes = {};
/** One event is read by many conditions. Properties are never changed once they are read. */
const read = new WeakMap<Properties, { name: string; types: EventTypes; properties: Properties }>();

/**
 * An event's properties as conditions, templates and rewards read them. Null is absent, and so is a placeholder in the
 * place of an order's or a ticket's id; such ids are text. What events.yaml declares as a number, and amounts, prices and
 * quantities of orders, carts and payments, are numbers, also if they were sent as text, and absent if they can't be
 * read. The log keeps what was sent.
 */
export function readProperties({ name, properties }: Named, types: EventTypes = NONE): Properties {
  const known = read.get(properties);
  if (known?.name === name && known.types === types) return known.properties;
  const result = readNumbers(readFactIds(dropNulls(properties)), listNumbers(name, getOwn(types, name)));
  read.set(properties, { name, types, properties: result });
  return result;
}

/** Names of the properties that are numbers: those declared so, and those that are whatever events.yaml says. */
function listNumbers(name: string, declared: Readonly<Record<string, PropertyType>> = {}): string[] {
  const numbers = Object.keys(declared).filter((property) => declared[property] === 'number');
  const own = [...(getOwn(AMOUNTS, name) ?? []), ...(getOwn(PRODUCTS, name) ?? [])];
  return [...numbers, ...own.filter((property) => getOwn(declared, property) === undefined)];
}

function readNumbers(properties: Properties, names: readonly string[]): Properties {
  let changed: Properties | undefined;
  for (const property of names) {
    if (!Object.hasOwn(properties, property)) continue;
    const value = properties[property];
    const number = property === 'products' ? readProductNumbers(value) : readNumber(value);
    if (number === value) continue;
    changed ??= { ...properties };
    if (number === null) delete changed[property];
    else changed[property] = number;
  }
  return changed ?? properties;
}

/** The products of a cart as conditions and templates read them. */
export function readCartItems(items: unknown[]): unknown[] {
  return readProductNumbers(readProductIds(dropNulls(items))) as unknown[];
}

/** Products with their prices and quantities as numbers; the same list if all are. */
function readProductNumbers(products: unknown): unknown {
  if (!Array.isArray(products)) return products;
  const read = products.map((item) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? readNumbers(item as Properties, PRODUCT_NUMBERS)
      : item,
  );
  return read.every((item, n) => item === products[n]) ? products : read;
}

/** Properties that are amounts whatever events.yaml says, by event. */
const AMOUNTS: Record<string, readonly string[]> = {
  'Order Completed': ORDER_AMOUNTS,
  'Order Updated': ORDER_AMOUNTS,
  'Order Refunded': REFUND_AMOUNTS,
  'Cart Viewed': CART_AMOUNTS,
  'Cart Updated': CART_AMOUNTS,
  'Checkout Started': CART_AMOUNTS,
  'Payment Failed': PAYMENT_AMOUNTS,
};

const PRODUCT_NUMBERS = ['price', 'quantity'] as const;

/** Further properties that are numbers, or hold products, by event. */
const PRODUCTS: Record<string, readonly string[]> = {
  ...Object.fromEntries(Object.keys(AMOUNTS).map((name) => [name, ['products']])),
  'Product Added': PRODUCT_NUMBERS,
  'Product Removed': PRODUCT_NUMBERS,
};

/**
 * Notes numbers that can't be read: declared ones, and amounts.
 * @param own the workspace's currency, whose amounts may be so large
 */
export function noteNumbers(
  { name, properties }: Named,
  types: EventTypes = NONE,
  own = 'EUR',
): readonly Note[] {
  const declared = getOwn(types, name);
  const amounts = getOwn(AMOUNTS, name);
  if (declared === undefined && !Object.hasOwn(PRODUCTS, name)) return NO_NOTES;
  const names = listNumbers(name, declared).filter((property) => property !== 'products');
  const currency = readCurrency(properties.currency, own) ?? own;
  const isAmount = (property: string) => amounts?.includes(property) === true;
  return [...new Set([...names, ...(amounts ?? [])])]
    .filter((property) =>
      isUnreadable(getOwn(properties, property), isAmount(property) ? currency : undefined),
    )
    .map((property) => writeNote('unreadable_number', `properties.${property}`, properties[property]))
    .concat(amounts === undefined ? [] : noteProducts(properties.products));
}

/** Products of an order or a cart that are looked at. */
const MOST_PRODUCTS = 50;

/** One note for all prices that can't be read, and one for all quantities, with the first of each. */
function noteProducts(products: unknown): Note[] {
  const items = (Array.isArray(products) ? products : []).slice(0, MOST_PRODUCTS) as unknown[];
  return ['price', 'quantity'].flatMap((name) => {
    const values = items.map((item) =>
      typeof item === 'object' && item !== null ? (item as Properties)[name] : null,
    );
    const first = values.find((value) => isUnreadable(value));
    return first === undefined ? [] : writeNote('unreadable_number', `properties.products[].${name}`, first);
  });
}

function isUnreadable(value: unknown, currency?: string): boolean {
  if (isAbsent(value)) return false;
  return currency === undefined ? readNumber(value) === null : toMinorUnits(value, currency) === null;
}
