import { type JourneyEvent, toText } from '../event.ts';
import type { Instant } from '../time/time.ts';
import { getOwn } from '../values/get-own.ts';
import { splitByCategory } from './order-categories.ts';
import { foldReturn, type OrderReturn, returnOrder } from './order-returns.ts';

/** A customer's orders, cart and failed payments. Money is in minor units. */
export interface Commerce {
  cart: Cart | null;
  /** The newest orders, oldest first, at most {@link KEPT_ORDERS}. */
  orders: Order[];
  payments: Payment[];
  /** Sum of all orders less refunds, by currency. */
  spend: Record<string, number>;
  orderCount: number;
  /** Returns whose order has not been accepted yet. */
  returns: OrderReturn[];
}

export interface Cart {
  id: string | null;
  total: number | null;
  currency: string;
  items: unknown[];
  at: Instant;
}

export interface Order {
  id: string;
  status: 'paid' | 'refunded' | 'cancelled';
  total: number;
  currency: string;
  at: Instant;
  problem: string | null;
  /** Ids of the products; missing in orders that were folded before they were kept. */
  products?: string[];
  /** The total by product category, if the order names any. Products without a category are left out. */
  categories?: { name: string; amount: number }[];
  /** Shop, app or place of the order, if named. */
  channel?: string;
}

export interface Payment {
  orderId: string | null;
  status: 'failed';
  code: string | null;
  total: number | null;
  currency: string;
  at: Instant;
}

/** Larger amounts are ignored: cents would no longer be exact in a double. */
const LARGEST_AMOUNT = 1e12;
export const KEPT_ORDERS = 50;
export const KEPT_PAYMENTS = 10;
const KEPT_ITEMS = 50;
const LONGEST_CHANNEL = 64;

export function emptyCommerce(): Commerce {
  return { cart: null, orders: [], payments: [], spend: {}, orderCount: 0, returns: [] };
}

type Folded = Pick<JourneyEvent, 'name' | 'at' | 'seq' | 'properties'>;

/**
 * Folds one of Segment's e-commerce events, in place. Other events change nothing.
 * @param currency for events that name none
 */
export function foldCommerce(commerce: Commerce, event: Folded, currency: string): void {
  const p = event.properties;
  const money = toText(p.currency)?.slice(0, 12) ?? currency;
  switch (event.name) {
    case 'Order Completed':
      return foldOrder(commerce, event, money);
    case 'Order Refunded':
    case 'Order Cancelled':
      return foldReturn(
        commerce,
        toText(p.order_id),
        event.name === 'Order Refunded' ? 'refunded' : 'cancelled',
      );
    case 'Cart Viewed':
    case 'Checkout Started':
    case 'Cart Updated': {
      if (commerce.cart && commerce.cart.at > event.at) return;
      commerce.cart = {
        id: toText(p.cart_id) ?? null,
        total: toMinorUnits(p.total ?? p.value),
        currency: money,
        items: readItems(p.products),
        at: event.at,
      };
      return;
    }
    case 'Product Added':
    case 'Product Removed':
      return foldCartItem(commerce, event, money);
    case 'Payment Failed': {
      const payment: Payment = {
        orderId: toText(p.order_id) ?? null,
        status: 'failed',
        code: toText(p.code) ?? toText(p.reason) ?? null,
        total: toMinorUnits(p.value ?? p.total),
        currency: money,
        at: event.at,
      };
      commerce.payments = [...commerce.payments, payment].sort((a, b) => a.at - b.at).slice(-KEPT_PAYMENTS);
      return;
    }
  }
}

function foldOrder(commerce: Commerce, event: Folded, currency: string): void {
  const p = event.properties;
  const id = toText(p.order_id) ?? `at-${event.at}-${event.seq}`;
  if (commerce.orders.some((o) => o.id === id)) return;
  const total = toMinorUnits(p.total ?? p.revenue ?? p.value) ?? 0;
  const ordered = readItems(p.products);
  const products = ordered.flatMap((item) => toText(readProductId(item)) ?? []);
  const order: Order = { id, status: 'paid', total, currency, at: event.at, problem: null, products };
  const categories = splitByCategory(ordered, total);
  const channel = toText(p.channel) ?? toText(p.affiliation);
  if (categories.length > 0) order.categories = categories;
  if (channel !== undefined) order.channel = channel.slice(0, LONGEST_CHANNEL);
  commerce.orders.push(order);
  commerce.orders.sort((a, b) => a.at - b.at);
  if (commerce.orders.length > KEPT_ORDERS) commerce.orders.shift();
  commerce.spend[currency] = (getOwn(commerce.spend, currency) ?? 0) + total;
  commerce.orderCount++;
  returnOrder(commerce, order);
  if (commerce.cart && commerce.cart.at <= event.at) commerce.cart = null;
}

function foldCartItem(commerce: Commerce, event: Folded, currency: string): void {
  if (commerce.cart && commerce.cart.at > event.at) return;
  const p = event.properties;
  const cart = commerce.cart ?? {
    id: toText(p.cart_id) ?? null,
    total: null,
    currency,
    items: [],
    at: event.at,
  };
  const others = cart.items.filter((item) => readProductId(item) !== p.product_id);
  const kept = event.name === 'Product Added' ? [...others, p] : others;
  commerce.cart = { ...cart, items: kept.slice(-KEPT_ITEMS), at: event.at };
}

/** What an order adds to the lifetime spend, in minor units. */
export function computeSpend(order: Order): number {
  return order.status === 'paid' ? order.total : 0;
}

function readProductId(item: unknown): unknown {
  return typeof item === 'object' && item !== null
    ? (item as { product_id?: unknown }).product_id
    : undefined;
}

function readItems(products: unknown): unknown[] {
  return Array.isArray(products) ? products.slice(0, KEPT_ITEMS) : [];
}

/** Minor units of one decimal unit, of every currency. */
export const MINOR_UNITS = 100;

/** A decimal amount in minor units, so that sums are exact. Some shops send amounts as text. Null for anything else. */
export function toMinorUnits(amount: unknown): number | null {
  const value = typeof amount === 'string' && amount !== '' ? Number(amount) : amount;
  return typeof value === 'number' && Math.abs(value) <= LARGEST_AMOUNT
    ? Math.round(value * MINOR_UNITS)
    : null;
}
