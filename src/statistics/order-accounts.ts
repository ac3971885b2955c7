import {
  addToOrderAccount,
  emptyAccount,
  ORDER_EVENTS,
  type OrderAccount,
  type OrderEvent,
} from '../domain/customer/order-account.ts';
import type { Instant } from '../domain/time/time.ts';

/** An order as its events describe it. */
export interface OrderHistory {
  /** When it was placed; null while only its changes or returns are known. */
  orderedAt: Instant | null;
  account: OrderAccount;
}

/**
 * Collects the events of each order. The first `Order Completed` of an order counts; later ones repeat it.
 * @param events events about orders, oldest first; `key` names the order. Other events are skipped.
 * @param currency for events that name none
 */
export function collectOrders(
  events: Iterable<{ key: string; event: OrderEvent }>,
  currency: string,
): Map<string, OrderHistory> {
  const orders = new Map<string, OrderHistory>();
  for (const { key, event } of events) {
    if (!ORDER_EVENTS.includes(event.name)) continue;
    const order = orders.get(key) ?? { orderedAt: null, account: emptyAccount() };
    orders.set(key, order);
    const isPurchase = event.name === 'Order Completed';
    if (isPurchase && order.orderedAt !== null) continue;
    addToOrderAccount(order.account, event, currency);
    if (isPurchase) order.orderedAt = event.at;
  }
  return orders;
}
