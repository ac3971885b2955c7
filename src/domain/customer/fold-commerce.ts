import { type JourneyEvent, toText } from '../event.ts';
import { getOwn } from '../values/get-own.ts';
import { CART_AMOUNTS, ORDER_AMOUNTS, PAYMENT_AMOUNTS, readAmount } from '../values/money.ts';
import { type Commerce, KEPT_ORDERS, KEPT_PAYMENTS, type Order, type Payment } from './commerce.ts';
import { splitByCategory } from './order-categories.ts';
import { foldReturn, returnOrder } from './order-returns.ts';

const KEPT_ITEMS = 50;
const LONGEST_CHANNEL = 64;

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
        total: readAmount(p, CART_AMOUNTS, money),
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
        total: readAmount(p, PAYMENT_AMOUNTS, money),
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
  const total = readAmount(p, ORDER_AMOUNTS, currency);
  const ordered = readItems(p.products);
  const products = ordered.flatMap((item) => toText(readProductId(item)) ?? []);
  const order: Order = { id, status: 'paid', total, currency, at: event.at, problem: null, products };
  const categories = splitByCategory(ordered, total ?? 0);
  const channel = toText(p.channel) ?? toText(p.affiliation);
  if (categories.length > 0) order.categories = categories;
  if (channel !== undefined) order.channel = channel.slice(0, LONGEST_CHANNEL);
  commerce.orders.push(order);
  commerce.orders.sort((a, b) => a.at - b.at);
  if (commerce.orders.length > KEPT_ORDERS) commerce.orders.shift();
  commerce.spend[currency] = (getOwn(commerce.spend, currency) ?? 0) + (total ?? 0);
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

function readProductId(item: unknown): unknown {
  return typeof item === 'object' && item !== null
    ? (item as { product_id?: unknown }).product_id
    : undefined;
}

function readItems(products: unknown): unknown[] {
  return Array.isArray(products) ? products.slice(0, KEPT_ITEMS) : [];
}
