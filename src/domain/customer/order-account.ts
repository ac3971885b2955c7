import { type JourneyEvent, toText } from '../event.ts';
import { readFactId } from '../fact-id.ts';
import type { Instant } from '../time/time.ts';
import { readCurrency } from '../values/currency.ts';
import { findUnreadableAmount, ORDER_AMOUNTS, readAmount } from '../values/money.ts';
import { type ProductLine, readLines, sumLines } from './product-lines.ts';

/**
 * What the events of one order say about its money. They may come in any order: a part given back before its order, a
 * change before what it changes. Profile, scores, reports, guardrails and attribution all use the same sums
 * ({@link settleOrder}).
 */
export interface OrderAccount {
  /** The newest amount that can be read. */
  total: { amount: number; currency: string; at: Instant } | null;
  /** The newest list of products. */
  lines: { list: ProductLine[]; at: Instant } | null;
  /** The newest word about the order as a whole. */
  state: { word: OrderState; at: Instant } | null;
  /** What was given back. */
  parts: OrderPart[];
}

type OrderState = 'paid' | 'refunded' | 'cancelled';

/** A refund: an amount, products, or the whole order if it names neither. */
interface OrderPart {
  id: string | null;
  amount: number | null;
  /** Null: that of the order. */
  currency: string | null;
  lines: ProductLine[] | null;
  at: Instant;
}

/** An order's money as all events of the order together say. */
export interface SettledOrder {
  status: OrderState;
  /** Minor units; null if no amount can be read. */
  total: number | null;
  currency: string | null;
  /** What was given back, at most the total. */
  refunded: number;
  /** What is kept of the total. */
  kept: number;
  /** When the whole order had been given back; null: part of it at most. */
  returnedAt: Instant | null;
}

/** Names of the events that say something about an order's money. */
export const ORDER_EVENTS: readonly string[] = [
  'Order Completed',
  'Order Updated',
  'Order Refunded',
  'Order Cancelled',
];

const STATES: Record<string, OrderState> = {
  paid: 'paid',
  completed: 'paid',
  complete: 'paid',
  processing: 'paid',
  fulfilled: 'paid',
  shipped: 'paid',
  delivered: 'paid',
  refunded: 'refunded',
  returned: 'refunded',
  cancelled: 'cancelled',
  canceled: 'cancelled',
  voided: 'cancelled',
};

const KEPT_PARTS = 50;
const PART_AMOUNTS = [...ORDER_AMOUNTS, 'amount'];

export type OrderEvent = Pick<JourneyEvent, 'name' | 'at' | 'properties'>;

export function emptyAccount(): OrderAccount {
  return { total: null, lines: null, state: null, parts: [] };
}

/**
 * Adds what an event says to the account of its order, in place.
 * @param currency for an event that names none, if the order has not named one either
 */
export function addToOrderAccount(account: OrderAccount, event: OrderEvent, currency: string): void {
  const { name, at, properties: p } = event;
  const named = readCurrency(p.currency)?.slice(0, 12) ?? null;
  const money = named ?? account.total?.currency ?? currency;
  const products = Array.isArray(p.products) && p.products.length > 0 ? readLines(p.products, money) : null;
  if (name === 'Order Refunded') {
    const read = readAmount(p, PART_AMOUNTS, money);
    // An amount that can't be read is a part of unknown worth, and not the whole order.
    const amount = read ?? (findUnreadableAmount(p, PART_AMOUNTS, money) === undefined ? null : 0);
    addPart(account, {
      id: readFactId(p.refund_id) ?? readFactId(p.return_id) ?? null,
      amount: amount === null ? null : Math.abs(amount),
      currency: named,
      lines: products,
      at,
    });
    return;
  }
  if (name === 'Order Cancelled') return setState(account, 'cancelled', at);
  const amount = readAmount(p, ORDER_AMOUNTS, money);
  if (amount !== null && isNewer(account.total, at)) account.total = { amount, currency: money, at };
  if (products && isNewer(account.lines, at)) account.lines = { list: products, at };
  const word = name === 'Order Updated' ? STATES[toText(p.status)?.trim().toLowerCase() ?? ''] : undefined;
  if (word !== undefined) setState(account, word, at);
}

/** The sums of an order. */
export function settleOrder(account: OrderAccount): SettledOrder {
  const { state } = account;
  const total = account.total?.amount ?? null;
  const currency = account.total?.currency ?? null;
  const whole = Math.max(0, total ?? 0);
  if (state && state.word !== 'paid')
    return { status: state.word, total, currency, refunded: whole, kept: 0, returnedAt: state.at };
  const { sum, returnedAt } = sumParts(account, whole);
  const refunded = returnedAt === null ? Math.min(whole, sum) : whole;
  const status = returnedAt === null ? 'paid' : 'refunded';
  return { status, total, currency, refunded, kept: (total ?? 0) - refunded, returnedAt };
}

/** Both accounts of one order as one. */
export function mergeAccounts(a: OrderAccount, b: OrderAccount): OrderAccount {
  const merged: OrderAccount = {
    total: newer(a.total, b.total),
    lines: newer(a.lines, b.lines),
    state: newer(a.state, b.state),
    parts: [...a.parts],
  };
  for (const part of b.parts) addPart(merged, part);
  return merged;
}

function sumParts(account: OrderAccount, total: number): { sum: number; returnedAt: Instant | null } {
  const left = new Map<string, number>();
  for (const { product, quantity } of account.lines?.list ?? [])
    left.set(product, (left.get(product) ?? 0) + (quantity ?? 1));
  let sum = 0;
  for (const part of account.parts) {
    sum += priceOf(part, account);
    for (const { product, quantity } of part.lines ?? [])
      left.set(product, Math.max(0, (left.get(product) ?? 0) - (quantity ?? 1)));
    const isAll = part.amount === null && part.lines === null;
    const hasAllProducts =
      part.amount === null && account.lines !== null && [...left.values()].every((count) => count === 0);
    if (isAll || hasAllProducts || (total > 0 && sum >= total)) return { sum, returnedAt: part.at };
  }
  return { sum, returnedAt: null };
}

/** What a part is worth; 0 if that is unknown: nothing is taken back that was not said to be. */
function priceOf({ amount, currency, lines }: OrderPart, account: OrderAccount): number {
  if (currency !== null && account.total && currency !== account.total.currency) return 0;
  if (amount !== null) return amount;
  const prices = new Map(account.lines?.list.map(({ product, price }) => [product, price]));
  const priced = (lines ?? []).map((line) => ({
    ...line,
    price: line.price ?? prices.get(line.product) ?? null,
    quantity: line.quantity ?? 1,
  }));
  return sumLines(priced) ?? 0;
}

function addPart(account: OrderAccount, part: OrderPart): void {
  const text = JSON.stringify(part);
  const isKnown = account.parts.some((other) =>
    part.id === null ? JSON.stringify(other) === text : other.id === part.id,
  );
  if (isKnown) return;
  account.parts = [...account.parts, part].sort(compareParts).slice(-KEPT_PARTS);
}

function compareParts(a: OrderPart, b: OrderPart): number {
  return a.at - b.at || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
}

function setState(account: OrderAccount, word: OrderState, at: Instant): void {
  if (isNewer(account.state, at)) account.state = { word, at };
}

function isNewer(current: { at: Instant } | null, at: Instant): boolean {
  return current === null || current.at <= at;
}

function newer<T extends { at: Instant }>(a: T | null, b: T | null): T | null {
  if (!a || !b) return a ?? b;
  if (a.at !== b.at) return a.at > b.at ? a : b;
  return JSON.stringify(a) > JSON.stringify(b) ? a : b;
}
