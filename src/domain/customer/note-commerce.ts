import { type JourneyEvent, ORDER_REVERSALS } from '../event.ts';
import { readFactId } from '../fact-id.ts';
import { NO_NOTES, type Note, writeNote } from '../note.ts';
import { isCurrency, readCurrency } from '../values/currency.ts';
import { isAbsent } from '../values/read-number.ts';
import type { Commerce } from './commerce.ts';
import { readAccount } from './fold-order.ts';
import { isForeignPart, type OrderEvent, readPart } from './order-account.ts';
import { readOrderStatus } from './order-status.ts';

type Named = Pick<JourneyEvent, 'name' | 'properties'>;

/** Products that are looked at. */
const MOST_PRODUCTS = 50;

/**
 * Notes currencies that are not known, a word for the state of an order that is not, and a change of no order.
 * @param own the workspace's currency
 */
export function noteCommerce({ name, properties }: Named, own: string): readonly Note[] {
  const { currency, products, status } = properties;
  const isUpdate = name === 'Order Updated';
  const isChange = isUpdate || ORDER_REVERSALS.includes(name);
  if (currency === undefined && products === undefined && !isChange) return NO_NOTES;
  const notes: Note[] = [];
  if (isChange && isAbsent(properties.order_id))
    notes.push(writeNote('order_without_id', 'properties.order_id', null));
  if (!isKnown(currency, own)) notes.push(writeNote('unknown_currency', 'properties.currency', currency));
  if (Array.isArray(products)) {
    const items: { currency?: unknown }[] = products.slice(0, MOST_PRODUCTS).map((item) => item ?? {});
    const usual = readCurrency(currency, own) ?? own;
    const first = items.find((item) => !isKnown(item.currency, usual));
    if (first) notes.push(writeNote('unknown_currency', 'properties.products[].currency', first.currency));
  }
  if (isUpdate && !isAbsent(status) && readOrderStatus(status) === undefined)
    notes.push(writeNote('unknown_order_status', 'properties.status', status));
  return notes.length > 0 ? notes : NO_NOTES;
}

function isKnown(currency: unknown, own: string): boolean {
  if (currency === undefined || currency === null) return true;
  const code = readCurrency(currency, own);
  return code === undefined || isCurrency(code);
}

/**
 * Notes a refund in another currency than its order, whichever of the two came first.
 * @param commerce with the event folded in
 * @param own the workspace's currency
 */
export function noteForeignRefund(
  { orders, older }: Pick<Commerce, 'orders' | 'older'>,
  event: OrderEvent,
  own: string,
): readonly Note[] {
  const { name, properties } = event;
  const isOrder = name === 'Order Completed';
  const id = isOrder || name === 'Order Refunded' ? readFactId(properties.order_id) : undefined;
  const order = id === undefined ? undefined : [...orders, ...(older ?? [])].find((item) => item.id === id);
  if (!order) return NO_NOTES;
  const parts = isOrder ? readAccount(order).parts : [readPart(event, own, order.currency)];
  const isForeign = parts.some((part) => isForeignPart(part, order.currency));
  return isForeign ? [writeNote('foreign_refund', 'properties.currency', properties.currency)] : NO_NOTES;
}
