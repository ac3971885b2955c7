import { toText } from './event.ts';
import { NO_NOTES, type Note, writeNote } from './note.ts';
import { isPlaceholderOfFact } from './values/placeholder.ts';
import { isAbsent } from './values/read-number.ts';

/** Properties that name a fact or a thing: an order, a refund, a ticket, a survey, a product. */
export const FACT_ID_NAMES = [
  'order_id',
  'refund_id',
  'return_id',
  'payment_id',
  'transaction_id',
  'charge_id',
  'cart_id',
  'ticket_id',
  'ticketId',
  'question_id',
  'survey_id',
  'response_id',
  'answer_id',
  'review_id',
  'product_id',
] as const;

const IS_FACT_ID: ReadonlySet<string> = new Set(FACT_ID_NAMES);
const IS_PRODUCT_ID: ReadonlySet<string> = new Set(['product_id', 'sku']);
const IS_ID_NAME = /(^|[_-])id$|[a-z]Id$/;

/**
 * The id of a fact or a thing as text, the same for the number 7 and the text ` 7 `. Undefined if there is none, or a
 * placeholder in its place: a shop that sends `undefined` with each order would otherwise make all of them one.
 */
export function readFactId(value: unknown): string | undefined {
  const text = toText(toText(value)?.trim());
  return text === undefined || isPlaceholderOfFact(text) ? undefined : text;
}

/** A property that tells enrollments apart. If its name says that it is an id, a placeholder is none. */
export function readKeyProperty(properties: Record<string, unknown>, name: string): string | undefined {
  if (!Object.hasOwn(properties, name)) return undefined;
  const value = properties[name];
  return IS_ID_NAME.test(name) ? readFactId(value) : toText(value);
}

/**
 * Properties with the ids of facts and products as text, as orders, tickets and keys have them, and without placeholders.
 * The same object if there is nothing to change.
 */
export function readFactIds(properties: Record<string, unknown>): Record<string, unknown> {
  const read = readIdsOf(properties, IS_FACT_ID);
  if (!Array.isArray(read.products)) return read;
  const products = readProductIds(read.products);
  return products === read.products ? read : { ...read, products };
}

/** Products of an order or a cart with their ids as text; the same list if there is nothing to change. */
export function readProductIds(products: unknown[]): unknown[] {
  const items = products.map((item) =>
    typeof item === 'object' && item !== null
      ? readIdsOf(item as Record<string, unknown>, IS_PRODUCT_ID)
      : item,
  );
  return items.every((item, i) => item === products[i]) ? products : items;
}

function readIdsOf(record: Record<string, unknown>, names: ReadonlySet<string>): Record<string, unknown> {
  let read: Record<string, unknown> | undefined;
  for (const name in record) {
    if (!names.has(name)) continue;
    const id = readFactId(record[name]);
    if (id === record[name]) continue;
    read ??= { ...record };
    if (id === undefined) delete read[name];
    else read[name] = id;
  }
  return read ?? record;
}

/** Notes placeholders in the place of ids of facts. */
export function noteFactIds({ properties }: { properties: Record<string, unknown> }): readonly Note[] {
  const names = listPlaceholders(properties);
  const notes = names.map((name) => writeNote('placeholder_id', `properties.${name}`, properties[name]));
  const product = findPlaceholderProduct(properties.products);
  if (product !== undefined)
    notes.push(writeNote('placeholder_id', 'properties.products[].product_id', product));
  return notes.length === 0 ? NO_NOTES : notes;
}

function listPlaceholders(properties: Record<string, unknown>): string[] {
  let found: string[] | undefined;
  for (const name in properties) {
    if (!IS_FACT_ID.has(name) || !isPlaceholderValue(properties[name])) continue;
    found ??= [];
    found.push(name);
  }
  return found ?? NONE;
}

const NONE: string[] = [];
/** Products of an order or a cart that are looked at. */
const MOST_PRODUCTS = 50;

function findPlaceholderProduct(products: unknown): unknown {
  if (!Array.isArray(products)) return undefined;
  for (const item of products.slice(0, MOST_PRODUCTS) as unknown[]) {
    if (typeof item !== 'object' || item === null) continue;
    const { product_id: id } = item as Record<string, unknown>;
    if (isPlaceholderValue(id)) return id;
  }
  return undefined;
}

function isPlaceholderValue(value: unknown): boolean {
  return !isAbsent(value) && readFactId(value) === undefined;
}
