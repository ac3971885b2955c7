import { getOwn } from '../values/get-own.ts';
import { mergeCarts } from './cart-log.ts';
import {
  type Commerce,
  compareOrders,
  KEPT_ORDERS,
  KEPT_PAYMENTS,
  type Order,
  type OrderReturn,
  type Payment,
} from './commerce.ts';
import { addSpend, limitReturns, readAccount, refreshOrder } from './fold-order.ts';
import { retireOrders } from './older-orders.ts';
import { mergeAccounts, type OrderAccount } from './order-account.ts';

/**
 * Merges the orders, carts and payments of two customers. An order that both have counts once. The result is the same
 * if the two are swapped.
 */
export function mergeCommerce(a: Commerce, b: Commerce): Commerce {
  const orders = new Map(listOrders(a).map((order) => [order.id, order]));
  const spend = sumSpend(a.spend, b.spend);
  let orderCount = a.orderCount + b.orderCount;
  for (const other of listOrders(b)) {
    const order = isMinted(other) ? { ...other, id: freeId(orders, other.id) } : other;
    const existing = orders.get(order.id);
    orders.set(order.id, existing ? unite(spend, existing, order) : order);
    if (existing) orderCount--;
  }
  const pending = new Map<string, OrderReturn>();
  for (const { id, account } of [...a.returns, ...b.returns]) {
    const order = orders.get(id);
    const other = pending.get(id);
    if (order) addToOrder(spend, order, account);
    else pending.set(id, { id, account: other ? mergeAccounts(other.account, account) : account });
  }
  const sorted = [...orders.values()].sort(compareOrders);
  const older: Pick<Commerce, 'older'> = {};
  retireOrders(older, sorted.slice(0, -KEPT_ORDERS));
  return {
    ...older,
    ...mergeCarts(a, b),
    orders: sorted.slice(-KEPT_ORDERS),
    payments: [...a.payments, ...b.payments].sort(byTime).slice(-KEPT_PAYMENTS),
    spend,
    orderCount,
    returns: limitReturns([...pending.values()]),
  };
}

/** Copies of all orders that are known, with what is kept of them. */
function listOrders({ older = [], orders }: Commerce): Order[] {
  return [...older.map((order) => ({ ...order, problem: null })), ...orders.map((order) => ({ ...order }))];
}

/** One order of two records: the earlier one as in the fold, with what both say about its money. */
function unite(spend: Record<string, number>, a: Order, b: Order): Order {
  const [kept, other] = isEarlier(a, b) ? [a, b] : [b, a];
  addSpend(spend, other, -1);
  addToOrder(spend, kept, readAccount(other));
  return kept;
}

function addToOrder(spend: Record<string, number>, order: Order, account: OrderAccount): void {
  addSpend(spend, order, -1);
  refreshOrder(order, mergeAccounts(readAccount(order), account));
  addSpend(spend, order, 1);
}

/** Whether the order's id was made up. Two orders with the same made-up id are two orders. */
function isMinted(order: Order): boolean {
  return /^at-\d+-\d+'*$/.test(order.id);
}

function freeId(orders: Map<string, Order>, id: string): string {
  return orders.has(id) ? freeId(orders, `${id}'`) : id;
}

function isEarlier(a: Order, b: Order): boolean {
  return (a.at - b.at || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) < 0;
}

function sumSpend(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
  const sum = { ...a };
  for (const [currency, amount] of Object.entries(b)) sum[currency] = (getOwn(sum, currency) ?? 0) + amount;
  return sum;
}

function byTime(a: Payment, b: Payment): number {
  return a.at - b.at || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
}
