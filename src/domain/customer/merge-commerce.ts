import { getOwn } from '../values/get-own.ts';
import {
  type Cart,
  type Commerce,
  computeSpend,
  KEPT_ORDERS,
  KEPT_PAYMENTS,
  type Order,
  type Payment,
} from './commerce.ts';
import { mergeReturns, returnOrder } from './order-returns.ts';

/**
 * Merges the orders, carts and payments of two customers. An order that both have counts once. The result is the same
 * if the two are swapped.
 */
export function mergeCommerce(a: Commerce, b: Commerce): Commerce {
  const orders = new Map(a.orders.map((order) => [order.id, order]));
  const spend = addSpend(a.spend, b.spend);
  let orderCount = a.orderCount + b.orderCount;
  for (const other of b.orders) {
    const order = isMinted(other) ? { ...other, id: freeId(orders, other.id) } : other;
    const existing = orders.get(order.id);
    const kept = existing ? chooseOrder(existing, order) : order;
    orders.set(order.id, kept);
    if (!existing) continue;
    orderCount--;
    for (const counted of [existing, order]) add(spend, counted.currency, -computeSpend(counted));
    add(spend, kept.currency, computeSpend(kept));
  }
  const returned = { returns: mergeReturns(a.returns, b.returns), spend };
  const sorted = [...orders.values()]
    .map((order) => ({ ...order }))
    .sort((x, y) => x.at - y.at || (x.id < y.id ? -1 : 1));
  for (const order of sorted) returnOrder(returned, order);
  return {
    cart: mergeCarts(a.cart, b.cart, sorted),
    orders: sorted.slice(-KEPT_ORDERS),
    payments: [...a.payments, ...b.payments].sort(byTime).slice(-KEPT_PAYMENTS),
    spend,
    orderCount,
    returns: returned.returns.filter(({ id }) => !orders.has(id)),
  };
}

/** Whether the order's id was made up. Two orders with the same made-up id are two orders. */
function isMinted(order: Order): boolean {
  return /^at-\d+-\d+'*$/.test(order.id);
}

function freeId(orders: Map<string, Order>, id: string): string {
  return orders.has(id) ? freeId(orders, `${id}'`) : id;
}

/** Of two records of one order, the one that is returned; otherwise the earlier one, as in the fold. */
function chooseOrder(a: Order, b: Order): Order {
  if ((a.status === 'paid') !== (b.status === 'paid')) return a.status === 'paid' ? b : a;
  const order = a.at - b.at || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  return order < 0 ? a : b;
}

function addSpend(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
  const sum = { ...a };
  for (const [currency, amount] of Object.entries(b)) add(sum, currency, amount);
  return sum;
}

function add(spend: Record<string, number>, currency: string, amount: number): void {
  spend[currency] = (getOwn(spend, currency) ?? 0) + amount;
}

/** The later cart, unless an order followed it: the fold would have emptied it. */
function mergeCarts(a: Cart | null, b: Cart | null, orders: Order[]): Cart | null {
  const later =
    !a || (b && (b.at > a.at || (b.at === a.at && JSON.stringify(b) > JSON.stringify(a)))) ? b : a;
  const orderedAt = orders.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  return later && later.at > orderedAt ? later : null;
}

function byTime(a: Payment, b: Payment): number {
  return a.at - b.at || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
}
