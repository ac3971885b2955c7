import { type Commerce, compareOrders, type OlderOrder, type Order } from './commerce.ts';

/** How many orders beyond the newest ones can still be changed or given back. */
const KEPT_OLDER_ORDERS = 200;

/** Keeps the sums of orders that are no longer among the newest, in place, so that a late refund is still taken off. */
export function retireOrders(
  commerce: Pick<Commerce, 'older'>,
  orders: readonly (Order | OlderOrder)[],
): void {
  if (orders.length === 0) return;
  const older = [...(commerce.older ?? []), ...orders.map(toOlderOrder)].sort(compareOrders);
  commerce.older = older.slice(-KEPT_OLDER_ORDERS);
}

function toOlderOrder({ id, status, total, refunded, currency, at }: Order | OlderOrder): OlderOrder {
  return { id, status, total, refunded: refunded ?? 0, currency, at };
}
