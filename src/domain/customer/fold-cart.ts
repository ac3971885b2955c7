import type { JourneyEvent } from '../event.ts';
import { readFactId } from '../fact-id.ts';
import { readCurrency } from '../values/currency.ts';
import { CART_AMOUNTS, readAmount } from '../values/money.ts';
import { sumItems } from './apply-cart-change.ts';
import { changeCart, stateCart } from './cart-log.ts';
import type { Commerce } from './commerce.ts';
import { readItems } from './product-lines.ts';

type Folded = Pick<JourneyEvent, 'name' | 'at' | 'properties'>;
type Carts = Pick<Commerce, 'cart' | 'emptiedAt' | 'cartLog'>;

/** What a total that is stated without products needs. */
const STATED: readonly string[] = ['cart_id', 'currency', ...CART_AMOUNTS];

/**
 * Folds an event that states the whole cart, in place. A cart without products, or that costs nothing, is no cart.
 * @param own the workspace's currency, for events that name none
 */
export function foldCart(carts: Carts, { at, properties: p }: Folded, own: string): void {
  if (!Array.isArray(p.products)) {
    const properties = Object.fromEntries(Object.entries(p).filter(([name]) => STATED.includes(name)));
    return changeCart(carts, { kind: 'stated', at, properties }, own);
  }
  const currency = readCurrency(p.currency, own) ?? own;
  const items = readItems(p.products);
  const stated = readAmount(p, CART_AMOUNTS, currency);
  if (stated === 0 || (items.length === 0 && stated === null)) return stateCart(carts, null, at, own);
  const isPartial = items.length === 0 || items.length < p.products.length;
  const total = stated ?? (isPartial ? null : sumItems(items, currency));
  const cart = { id: readFactId(p.cart_id) ?? null, total, currency, items, at };
  stateCart(carts, isPartial ? { ...cart, partial: true } : cart, at, own);
}

/**
 * Folds one product that was added to the cart or removed, in place.
 * @param own the workspace's currency, for events that name none
 */
export function foldCartItem(carts: Carts, { name, at, properties }: Folded, own: string): void {
  changeCart(carts, { kind: name === 'Product Added' ? 'added' : 'removed', at, properties }, own);
}
