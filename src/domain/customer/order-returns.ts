import { getOwn } from '../values/get-own.ts';
import type { Commerce, Order, OrderReturn } from './commerce.ts';

const KEPT_RETURNS = 20;

type Returning = Pick<Commerce, 'returns' | 'spend'>;

/**
 * Marks an order as returned, in place. The first return wins. The return of an order that has not been accepted yet is
 * kept until the order comes.
 */
export function foldReturn(
  commerce: Returning & Pick<Commerce, 'orders'>,
  id: string | undefined,
  status: OrderReturn['status'],
): void {
  if (id === undefined || commerce.returns.some((item) => item.id === id)) return;
  const order = commerce.orders.find((item) => item.id === id);
  if (order && order.status !== 'paid') return;
  commerce.returns = [...commerce.returns, { id, status }].slice(-KEPT_RETURNS);
  if (order) returnOrder(commerce, order);
}

/** Applies a return that was kept for this order, in place: it changes the status and lowers the spend. */
export function returnOrder(commerce: Returning, order: Order): void {
  const pending = commerce.returns.find(({ id }) => id === order.id);
  if (!pending || order.status !== 'paid') return;
  order.status = pending.status;
  commerce.returns = commerce.returns.filter((item) => item !== pending);
  commerce.spend[order.currency] = (getOwn(commerce.spend, order.currency) ?? 0) - (order.total ?? 0);
}

/** The pending returns of two customers, one per order: the order may be in one log and its return in the other. */
export function mergeReturns(a: OrderReturn[], b: OrderReturn[]): OrderReturn[] {
  const sorted = [...a, ...b].sort((x, y) => (`${x.id} ${x.status}` < `${y.id} ${y.status}` ? 1 : -1));
  return [...new Map(sorted.map((item) => [item.id, item])).values()].slice(-KEPT_RETURNS);
}
