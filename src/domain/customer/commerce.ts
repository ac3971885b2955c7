import type { Instant } from '../time/time.ts';
import type { OrderAccount } from './order-account.ts';

/** A customer's orders, cart and failed payments. Money is in minor units. */
export interface Commerce {
  cart: Cart | null;
  /** When the cart was last known to be empty; 0: never. An older cart that comes later is none. */
  emptiedAt: Instant;
  /** What the cart follows from, where single products have changed it. Missing: only the cart itself is known. */
  cartLog?: CartLog;
  /** The newest orders, oldest first, at most {@link KEPT_ORDERS}. */
  orders: Order[];
  /** The sums of orders before those, oldest first, so that a late refund is taken off. Missing: none. */
  older?: OlderOrder[];
  payments: Payment[];
  /** Sum of all orders less refunds, by currency. */
  spend: Record<string, number>;
  orderCount: number;
  /** What is known of orders that have not been accepted yet. */
  returns: OrderReturn[];
}

export interface Cart {
  id: string | null;
  total: number | null;
  currency: string;
  items: unknown[];
  /** The items are not all that is in it: its products were never listed, or one of them could not be told. */
  partial?: true;
  at: Instant;
}

/** A cart and what has changed it since, so that a change that arrives late still finds its place. */
export interface CartLog {
  /** The cart as a whole at `since`; null: it was empty. */
  base: Cart | null;
  since: Instant;
  /** Oldest first. */
  changes: CartChange[];
  /** The workspace's currency, for changes that name none. */
  own: string;
}

/** A product that was added or removed, or a total that was stated without products. */
export interface CartChange {
  kind: 'added' | 'removed' | 'stated';
  at: Instant;
  /** The event's properties; of a stated total only those that it needs. */
  properties: Record<string, unknown>;
}

export interface Order {
  id: string;
  status: 'paid' | 'refunded' | 'cancelled';
  /** Null: unknown, since the event names no amount that can be read. It adds nothing to the spend. */
  total: number | null;
  /** What was given back of the total; missing: nothing. */
  refunded?: number;
  currency: string;
  at: Instant;
  problem: string | null;
  /** Ids of the products; missing in orders that were folded before they were kept. */
  products?: string[];
  /** The total by product category, if the order names any. Products without a category are left out. */
  categories?: { name: string; amount: number }[];
  /** Shop, app or place of the order, if named. */
  channel?: string;
  /** What its events say about its money. */
  account?: OrderAccount;
}

/** What is kept of an order that is no longer among the newest. */
export type OlderOrder = Pick<Order, 'id' | 'status' | 'total' | 'refunded' | 'currency' | 'at'>;

export interface Payment {
  orderId: string | null;
  status: 'failed';
  code: string | null;
  total: number | null;
  currency: string;
  at: Instant;
}

/** What came about an order before the order itself. */
export interface OrderReturn {
  id: string;
  account: OrderAccount;
}

export const KEPT_ORDERS = 50;
export const KEPT_PAYMENTS = 10;

export function emptyCommerce(): Commerce {
  return { cart: null, emptiedAt: 0, orders: [], payments: [], spend: {}, orderCount: 0, returns: [] };
}

/** By time, then by id, so that the same orders are always in the same order. */
export function compareOrders(a: OlderOrder, b: OlderOrder): number {
  return a.at - b.at || (a.id < b.id ? -1 : 1);
}

/** What an order adds to the lifetime spend, in minor units. */
export function computeSpend(order: OlderOrder): number {
  return order.status === 'paid' ? (order.total ?? 0) - (order.refunded ?? 0) : 0;
}
