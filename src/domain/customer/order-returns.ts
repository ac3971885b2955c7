import { getOwn } from '../values/get-own.ts';
import type { Commerce, Order } from './commerce.ts';

/** An order that was given back. */
export interface OrderReturn {
  id: string;
  status: 'refunded' | 'cancelled';
}

const KEPT_RETURNS = 20;

type Returning = Pick<Commerce, 'returns' | 'spend'>;

/** One that was given back stays so, whichever way first; one that isn't known yet is remembered until it is. In place. */
export function foldReturn(
  commerce: Returning & Pick<Commerce, 'orders'>,
  id: string | undefined,
  status: OrderReturn['status'],
): void {
  if (id === undefined || commerce.returns.some((one) => one.id === id)) return;
  const order = commerce.orders.find((one) => one.id === id);
  if (order && order.status !== 'paid') return;
  commerce.returns = [...commerce.returns, { id, status }].slice(-KEPT_RETURNS);
  if (order) returnOrder(commerce, order);
}

/** Takes back what its return, if there is one, takes back. In place. */
export function returnOrder(commerce: Returning, order: Order): void {
  const found = commerce.returns.find(({ id }) => id === order.id);
  if (!found || order.status !== 'paid') return;
  order.status = found.status;
  commerce.returns = commerce.returns.filter((one) => one !== found);
  commerce.spend[order.currency] = (getOwn(commerce.spend, order.currency) ?? 0) - order.total;
}

/** What was given back unheard of in either, by id: the one may have told of the order, and the other of its return. */
export function mergeReturns(a: OrderReturn[], b: OrderReturn[]): OrderReturn[] {
  const said = [...a, ...b].sort((x, y) => (`${x.id} ${x.status}` < `${y.id} ${y.status}` ? 1 : -1));
  return [...new Map(said.map((one) => [one.id, one])).values()].slice(-KEPT_RETURNS);
}
