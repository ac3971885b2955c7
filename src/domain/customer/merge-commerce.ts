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
 * What two customers who are one have ordered, have in the cart and couldn't pay. An order that both have counts once.
 * The same whichever way round.
 */
export function mergeCommerce(a: Commerce, b: Commerce): Commerce {
  const orders = new Map(a.orders.map((order) => [order.id, order]));
  const spend = addSpend(a.spend, b.spend);
  let orderCount = a.orderCount + b.orderCount;
  for (const other of b.orders) {
    const order = isMinted(other) ? { ...other, id: freeId(orders, other.id) } : other;
    const known = orders.get(order.id);
    const kept = known ? oneOrder(known, order) : order;
    orders.set(order.id, kept);
    if (!known) continue;
    orderCount--;
    for (const counted of [known, order]) add(spend, counted.currency, -computeSpend(counted));
    add(spend, kept.currency, computeSpend(kept));
  }
  const returned = { returns: mergeReturns(a.returns, b.returns), spend };
  const sorted = [...orders.values()]
    .map((order) => ({ ...order }))
    .sort((x, y) => x.at - y.at || (x.id < y.id ? -1 : 1));
  for (const order of sorted) returnOrder(returned, order);
  return {
    cart: cartOf(a.cart, b.cart, sorted),
    orders: sorted.slice(-KEPT_ORDERS),
    payments: [...a.payments, ...b.payments].sort(byTime).slice(-KEPT_PAYMENTS),
    spend,
    orderCount,
    returns: returned.returns.filter(({ id }) => !orders.has(id)),
  };
}

/** An id made up for an order that had none: two of the same are two orders. */
function isMinted(order: Order): boolean {
  return /^at-\d+-\d+'*$/.test(order.id);
}

function freeId(orders: Map<string, Order>, id: string): string {
  return orders.has(id) ? freeId(orders, `${id}'`) : id;
}

/** What was given back was given back, whoever was told; else the first statement holds, as in the fold. */
function oneOrder(a: Order, b: Order): Order {
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

/** The later one, unless something was ordered since: the fold would have emptied it. */
function cartOf(a: Cart | null, b: Cart | null, orders: Order[]): Cart | null {
  const later =
    !a || (b && (b.at > a.at || (b.at === a.at && JSON.stringify(b) > JSON.stringify(a)))) ? b : a;
  const ordered = orders.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  return later && later.at > ordered ? later : null;
}

function byTime(a: Payment, b: Payment): number {
  return a.at - b.at || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
}
