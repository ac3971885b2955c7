import { readFactId } from '../fact-id.ts';
import { readCurrency } from '../values/currency.ts';
import { CART_AMOUNTS, readAmount } from '../values/money.ts';
import { isAbsent } from '../values/read-number.ts';
import type { Cart, CartChange } from './commerce.ts';
import {
  isSameProduct,
  KEPT_ITEMS,
  readIdentity,
  readLines,
  readQuantity,
  sumLines,
} from './product-lines.ts';

type Properties = Record<string, unknown>;

/**
 * The cart after a change; null: no cart. An addition or a removal makes the total that of the items, or unknown: nobody
 * has said what the cart costs now. What names another cart begins a new one.
 * @param own the workspace's currency
 */
export function applyCartChange(cart: Cart | null, change: CartChange, own: string): Cart | null {
  const named = readFactId(change.properties.cart_id) ?? null;
  const isOther = cart !== null && cart.id !== null && named !== null && cart.id !== named;
  const id = named ?? cart?.id ?? null;
  switch (change.kind) {
    case 'added':
      return addProduct(isOther ? null : cart, id, change, own);
    case 'removed':
      return isOther || cart === null ? cart : removeProduct(cart, id, change);
    case 'stated':
      return stateTotal(isOther ? null : cart, id, change, own);
  }
}

/** What the items cost together; null if it is unknown. */
export function sumItems(items: unknown[], currency: string): number | null {
  return sumLines(readLines(items, currency), currency);
}

function addProduct(
  cart: Cart | null,
  id: string | null,
  { at, properties }: CartChange,
  own: string,
): Cart | null {
  const currency = cart?.currency ?? readCurrency(properties.currency, own) ?? own;
  const items = addItem(cart?.items ?? [], properties);
  const isPartial = cart?.partial === true || items.length > KEPT_ITEMS;
  if (items.length === 0 && !isPartial) return null;
  return buildCart({ id, currency, items: items.slice(-KEPT_ITEMS), at }, isPartial);
}

function removeProduct(cart: Cart, id: string | null, { at, properties }: CartChange): Cart | null {
  const { product } = readIdentity(properties);
  // Something is no longer in it, and nobody knows what.
  const isPartial = cart.partial === true || product === '';
  const items = product === '' ? cart.items : removeItem(cart.items, properties);
  if (items.length === 0 && !isPartial) return null;
  return buildCart({ id, currency: cart.currency, items, at }, isPartial);
}

function stateTotal(
  cart: Cart | null,
  id: string | null,
  { at, properties }: CartChange,
  own: string,
): Cart | null {
  const usual = cart?.currency ?? own;
  const currency = readCurrency(properties.currency, usual) ?? usual;
  const stated = readAmount(properties, CART_AMOUNTS, currency);
  if (stated === 0) return null;
  const items = cart?.items ?? [];
  const total = stated ?? (cart?.currency === currency ? cart.total : null);
  const isPartial = cart ? cart.partial === true : true;
  return { id, total, currency, items, at, ...(isPartial ? { partial: true } : {}) };
}

function buildCart(cart: Omit<Cart, 'total' | 'partial'>, isPartial: boolean): Cart {
  const { id, currency, items, at } = cart;
  const total = isPartial ? null : sumItems(items, currency);
  return { id, total, currency, items, at, ...(isPartial ? { partial: true } : {}) };
}

/** One piece is added if the event says no quantity. With a quantity that cannot be read there is nobody knows how many. */
function addItem(items: unknown[], added: Properties): unknown[] {
  const identity = readIdentity(added);
  const same = items.find((item) => isSameProduct(readIdentity(item), identity));
  const pieces = isAbsent(added.quantity) ? 1 : readQuantity(added);
  if (same === undefined) return pieces === 0 ? items : [...items, { ...added, quantity: pieces }];
  const before = readPieces(same);
  const quantity = before === null || pieces === null ? null : before + pieces;
  const named = Object.fromEntries(Object.entries(added).filter(([, value]) => !isAbsent(value)));
  return [...items.filter((item) => item !== same), { ...(same as object), ...named, quantity }];
}

/** All pieces are removed if the event says no quantity. */
function removeItem(items: unknown[], removed: Properties): unknown[] {
  const identity = readIdentity(removed);
  let pieces = isAbsent(removed.quantity) ? Number.POSITIVE_INFINITY : readQuantity(removed);
  return items.flatMap((item) => {
    if (!isSameProduct(readIdentity(item), identity)) return [item];
    const before = readPieces(item);
    if (pieces === null || (before === null && Number.isFinite(pieces)))
      return [{ ...(item as object), quantity: null }];
    const taken = Math.min(pieces, before ?? pieces);
    pieces -= taken;
    const left = before === null ? 0 : before - taken;
    return left > 0 ? [{ ...(item as object), quantity: left }] : [];
  });
}

/** How many pieces of an item there are: one, if it does not say; null if that cannot be read. */
function readPieces(item: unknown): number | null {
  const { quantity } = item as Properties;
  return quantity === undefined ? 1 : readQuantity(item);
}
