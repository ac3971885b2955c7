import { isJsonLarger, measureJson } from '../values/byte-length.ts';
import { forgetChanges } from './cart-log.ts';
import type { Cart, Commerce } from './commerce.ts';
import { retireOrders } from './older-orders.ts';
import { ORDER_EVENTS } from './order-account.ts';

/** Sizes as JSON: of the cart, of all orders together, and so on. One event has at most 32 kB. */
const CART_BYTES = 32 * 1024;
const ORDER_BYTES = 256 * 1024;
const OLDER_BYTES = 64 * 1024;
const RETURN_BYTES = 64 * 1024;
const PAYMENT_BYTES = 16 * 1024;
/** What a product of a cart that is too large keeps: short values, such as ids, names, prices and links. */
const LONGEST_VALUE = 300;

/** Events that change what is known of purchases. */
export const COMMERCE_EVENTS: ReadonlySet<string> = new Set([
  ...ORDER_EVENTS,
  'Cart Viewed',
  'Cart Updated',
  'Checkout Started',
  'Product Added',
  'Product Removed',
  'Payment Failed',
]);

/**
 * Keeps what is known of purchases within a size, in place. Sums stay as they are: what goes is the detail of the
 * oldest. Returns the ids of unknown orders whose changes went.
 */
export function limitCommerce(
  commerce: Pick<Commerce, 'cart' | 'cartLog' | 'emptiedAt' | 'orders' | 'older' | 'payments' | 'returns'>,
): string[] {
  if (commerce.cartLog && isJsonLarger(commerce.cartLog, CART_BYTES)) forgetChanges(commerce);
  if (commerce.cart && isJsonLarger(commerce.cart.items, CART_BYTES)) {
    forgetChanges(commerce);
    commerce.cart = limitCart(commerce.cart);
  }
  const orders = dropOldest(commerce.orders, ORDER_BYTES);
  retireOrders(commerce, commerce.orders.slice(0, commerce.orders.length - orders.length));
  commerce.orders = orders;
  if (commerce.older) commerce.older = dropOldest(commerce.older, OLDER_BYTES);
  commerce.payments = dropOldest(commerce.payments, PAYMENT_BYTES);
  const returns = dropOldest(commerce.returns, RETURN_BYTES);
  const gone = commerce.returns.slice(0, commerce.returns.length - returns.length);
  commerce.returns = returns;
  return gone.map(({ id }) => id);
}

function limitCart(cart: Cart): Cart {
  const slim = cart.items.map(slimItem);
  const items = dropOldest(slim, CART_BYTES);
  return items.length < slim.length ? { ...cart, items, partial: true } : { ...cart, items };
}

function slimItem(item: unknown): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  return Object.fromEntries(Object.entries(item).filter(([, value]) => !isJsonLarger(value, LONGEST_VALUE)));
}

/** The newest of a list that fit, at least one. The list is sorted from old to new. */
function dropOldest<T>(list: T[], bytes: number): T[] {
  if (!isJsonLarger(list, bytes)) return list;
  let size = 0;
  let first = list.length;
  while (first > 0) {
    size += measureJson(list[first - 1]);
    if (size > bytes && first < list.length) break;
    first--;
  }
  return list.slice(first);
}
