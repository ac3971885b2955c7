import { CALL_NAMES, type JourneyEvent, textOf } from './event.ts';
import type { Instant } from './time.ts';

/** The golden record of one customer, folded from the log at acceptance. Money in minor units. */
export interface Profile {
  /** Value, when it was said, by which event of the log: the last writer by (at, seq) wins. */
  traits: Record<string, Trait>;
  cart: Cart | null;
  /** The most recent orders, newest last, at most {@link KEPT_ORDERS}. */
  orders: Order[];
  payments: Payment[];
  /** How often each event happened, and when first and last. */
  counts: Record<string, { n: number; first: Instant; last: Instant }>;
  /** Sum of what was ever ordered, less refunds, per currency. */
  spend: Record<string, number>;
  orderCount: number;
}

export interface Trait {
  value: unknown;
  at: Instant;
  seq: number;
  source: string;
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
}

export interface Payment {
  orderId: string | null;
  status: 'failed';
  code: string | null;
  total: number | null;
  currency: string;
  at: Instant;
}

/** Beyond this, cents are no longer exact in a double; no real amount is. */
const LARGEST_AMOUNT = 1e12;
const KEPT_ORDERS = 50;
const KEPT_PAYMENTS = 10;
const KEPT_ITEMS = 50;
/** A sender with a new event name per event must not grow a profile without bound. */
const KEPT_COUNTS = 200;
const KEPT_TRAITS = 200;

export function emptyProfile(): Profile {
  return { traits: {}, cart: null, orders: [], payments: [], counts: {}, spend: {}, orderCount: 0 };
}

type Folded = Pick<
  JourneyEvent,
  'type' | 'name' | 'at' | 'seq' | 'properties' | 'traits' | 'context' | 'source'
>;

/** Folds one event into a profile, in place, for speed: acceptance folds thousands a second. `currency` is the workspace's. */
export function foldProfile(profile: Profile, event: Folded, currency: string): void {
  count(profile, event);
  foldTraits(profile, event);
  if (event.type === 'track') foldCommerce(profile, event, currency);
}

function count(profile: Profile, { name, at }: Folded): void {
  const seen = own(profile.counts, name);
  if (seen) {
    seen.n++;
    seen.first = Math.min(seen.first, at);
    seen.last = Math.max(seen.last, at);
  } else if (name !== '__proto__' && Object.keys(profile.counts).length < KEPT_COUNTS) {
    profile.counts[name] = { n: 1, first: at, last: at };
  }
}

/** `identify` says traits; any other call may carry some in `context.traits`, as Segment's libraries send them. */
function foldTraits(profile: Profile, event: Folded): void {
  const carried = event.context.traits;
  const traits =
    event.type === 'identify'
      ? event.traits
      : typeof carried === 'object' && carried !== null
        ? (carried as Record<string, unknown>)
        : undefined;
  const said: Record<string, unknown> = { ...traits };
  for (const key of ['timezone', 'locale']) {
    if (said[key] === undefined && typeof event.context[key] === 'string') said[key] = event.context[key];
  }
  for (const [key, value] of Object.entries(said)) {
    if (key === '__proto__') continue;
    const known = own(profile.traits, key);
    if (known && (known.at > event.at || (known.at === event.at && known.seq > event.seq))) continue;
    if (!known && Object.keys(profile.traits).length >= KEPT_TRAITS) continue;
    profile.traits[key] = { value, at: event.at, seq: event.seq, source: event.source };
  }
}

function foldCommerce(profile: Profile, event: Folded, currency: string): void {
  const p = event.properties;
  const money = textOf(p.currency)?.slice(0, 12) ?? currency;
  switch (event.name) {
    case 'Order Completed':
      return foldOrder(profile, event, money);
    case 'Order Refunded':
    case 'Order Cancelled': {
      const order = profile.orders.find((o) => o.id === textOf(p.order_id));
      if (order?.status !== 'paid') return;
      order.status = event.name === 'Order Refunded' ? 'refunded' : 'cancelled';
      profile.spend[order.currency] = (own(profile.spend, order.currency) ?? 0) - order.total;
      return;
    }
    case 'Cart Viewed':
    case 'Checkout Started':
    case 'Cart Updated': {
      if (profile.cart && profile.cart.at > event.at) return;
      profile.cart = {
        id: textOf(p.cart_id) ?? null,
        total: minor(p.total ?? p.value),
        currency: money,
        items: items(p.products),
        at: event.at,
      };
      return;
    }
    case 'Product Added':
    case 'Product Removed':
      return foldCartItem(profile, event, money);
    case 'Payment Failed': {
      const payment: Payment = {
        orderId: textOf(p.order_id) ?? null,
        status: 'failed',
        code: textOf(p.code) ?? textOf(p.reason) ?? null,
        total: minor(p.value ?? p.total),
        currency: money,
        at: event.at,
      };
      profile.payments = [...profile.payments, payment].sort((a, b) => a.at - b.at).slice(-KEPT_PAYMENTS);
      return;
    }
  }
}

function foldOrder(profile: Profile, event: Folded, currency: string): void {
  const p = event.properties;
  const id = textOf(p.order_id) ?? `at-${event.at}-${event.seq}`;
  if (profile.orders.some((o) => o.id === id)) return;
  const total = minor(p.total ?? p.revenue ?? p.value) ?? 0;
  profile.orders.push({ id, status: 'paid', total, currency, at: event.at, problem: null });
  profile.orders.sort((a, b) => a.at - b.at);
  if (profile.orders.length > KEPT_ORDERS) profile.orders.shift();
  profile.spend[currency] = (own(profile.spend, currency) ?? 0) + total;
  profile.orderCount++;
  if (profile.cart && profile.cart.at <= event.at) profile.cart = null;
}

function foldCartItem(profile: Profile, event: Folded, currency: string): void {
  if (profile.cart && profile.cart.at > event.at) return;
  const p = event.properties;
  const cart = profile.cart ?? {
    id: textOf(p.cart_id) ?? null,
    total: null,
    currency,
    items: [],
    at: event.at,
  };
  const others = cart.items.filter((item) => productOf(item) !== p.product_id);
  const kept = event.name === 'Product Added' ? [...others, p] : others;
  profile.cart = { ...cart, items: kept.slice(-KEPT_ITEMS), at: event.at };
}

function productOf(item: unknown): unknown {
  return typeof item === 'object' && item !== null
    ? (item as { product_id?: unknown }).product_id
    : undefined;
}

function items(products: unknown): unknown[] {
  return Array.isArray(products) ? products.slice(0, KEPT_ITEMS) : [];
}

/** Segment sends decimal amounts as numbers, some shops as strings; kept in minor units so that sums are exact. */
export function minor(amount: unknown): number | null {
  const value = typeof amount === 'string' && amount !== '' ? Number(amount) : amount;
  return typeof value === 'number' && Math.abs(value) <= LARGEST_AMOUNT ? Math.round(value * 100) : null;
}

/** Names come from outside: `constructor` must not find what every object inherits. */
function own<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** The plain value of a trait. */
export function trait(profile: Profile, key: string): unknown {
  return own(profile.traits, key)?.value;
}

/** The address e-mail goes to, if it could be one. */
export function emailOf(profile: Profile): string | undefined {
  const email = trait(profile, 'email');
  return typeof email === 'string' && /^[^\s@<>"]+@[^\s@<>"]+$/.test(email)
    ? email.trim().toLowerCase()
    : undefined;
}

/** Every call counts as behaviour under its name; only `track` names its own. */
export function nameOf(type: JourneyEvent['type'], event: unknown): string {
  return type === 'track' ? String(event) : CALL_NAMES[type];
}
