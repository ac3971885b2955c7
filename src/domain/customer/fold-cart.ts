import type { JourneyEvent } from '../event.ts';
import { readFactId } from '../fact-id.ts';
import type { Instant } from '../time/time.ts';
import { readCurrency } from '../values/currency.ts';
import { CART_AMOUNTS, readAmount } from '../values/money.ts';
import type { Cart, Commerce } from './commerce.ts';
import {
  identifyProduct,
  KEPT_ITEMS,
  readItems,
  readLines,
  readQuantity,
  sumLines,
} from './product-lines.ts';

type Folded = Pick<JourneyEvent, 'name' | 'at' | 'properties'>;
type Carts = Pick<Commerce, 'cart' | 'emptiedAt'>;

/**
 * Folds an event that states the whole cart, in place. A cart without products is no cart.
 * @param own the workspace's currency, for events that name none
 */
export function foldCart(commerce: Carts, { at, properties: p }: Folded, own: string): void {
  if (isLate(commerce, at)) return;
  const isListed = Array.isArray(p.products);
  const kept = isListed ? null : commerce.cart;
  const items = kept?.items ?? readItems(p.products);
  const usual = kept?.currency ?? own;
  const currency = readCurrency(p.currency, usual) ?? usual;
  const stated = readAmount(p, CART_AMOUNTS, currency);
  if (stated === 0 ? items.length === 0 || !kept : isListed && items.length === 0 && stated === null)
    return emptyCart(commerce, at);
  const isPartial = kept
    ? kept.partial === true
    : items.length === 0 || items.length < countItems(p.products);
  const keptTotal = kept?.currency === currency ? kept.total : null;
  const total = stated ?? (kept ? keptTotal : isPartial ? null : sumItems(items, currency));
  setCart(commerce, { id: readFactId(p.cart_id) ?? kept?.id ?? null, total, currency, items, at }, isPartial);
}

/**
 * Folds one product that was added to the cart or removed, in place. From then on the total is computed from the items,
 * or unknown: nobody has said what the cart costs now.
 * @param own the workspace's currency, for events that name none
 */
export function foldCartItem(commerce: Carts, event: Folded, own: string): void {
  const { at, name, properties: p } = event;
  if (isLate(commerce, at)) return;
  const isAdded = name === 'Product Added';
  const cart = commerce.cart;
  if (!cart && !isAdded) return;
  const isPartial = cart?.partial === true;
  const items = isAdded ? addItem(cart?.items ?? [], p) : removeItem(cart?.items ?? [], p);
  if (items.length === 0 && !isPartial) return emptyCart(commerce, at);
  const isCut = items.length > KEPT_ITEMS;
  const money = cart?.currency ?? readCurrency(p.currency, own) ?? own;
  const total = isPartial || isCut ? null : sumItems(items, money);
  const id = cart?.id ?? readFactId(p.cart_id) ?? null;
  setCart(commerce, { id, total, currency: money, items: items.slice(-KEPT_ITEMS), at }, isPartial || isCut);
}

/** Whether something newer is known of the cart. */
function isLate({ cart, emptiedAt }: Carts, at: Instant): boolean {
  return at < emptiedAt || (cart !== null && cart.at > at);
}

function emptyCart(commerce: Carts, at: Instant): void {
  commerce.cart = null;
  commerce.emptiedAt = Math.max(commerce.emptiedAt, at);
}

function setCart(commerce: Carts, cart: Cart, isPartial: boolean): void {
  commerce.cart = isPartial ? { ...cart, partial: true } : cart;
}

/** One piece is added if the event says no quantity. */
function addItem(items: unknown[], added: Record<string, unknown>): unknown[] {
  const id = identifyProduct(added);
  const same = id === undefined ? undefined : items.find((item) => identifyProduct(item) === id);
  const pieces = readQuantity(added) ?? 1;
  if (same === undefined) return [...items, { ...added, quantity: pieces }];
  const quantity = (readQuantity(same) ?? 1) + pieces;
  return [...items.filter((item) => item !== same), { ...(same as object), ...added, quantity }];
}

/** All pieces are removed if the event says no quantity. */
function removeItem(items: unknown[], removed: Record<string, unknown>): unknown[] {
  const id = identifyProduct(removed);
  if (id === undefined) return items;
  const pieces = readQuantity(removed);
  return items.flatMap((item) => {
    if (identifyProduct(item) !== id) return [item];
    const left = pieces === null ? 0 : (readQuantity(item) ?? 1) - pieces;
    return left > 0 ? [{ ...(item as object), quantity: left }] : [];
  });
}

function sumItems(items: unknown[], currency: string): number | null {
  return sumLines(readLines(items, currency), currency);
}

function countItems(products: unknown): number {
  return Array.isArray(products) ? products.length : 0;
}
