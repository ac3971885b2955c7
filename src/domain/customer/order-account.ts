import type { JourneyEvent } from '../event.ts';
import { readFactId } from '../fact-id.ts';
import type { Instant } from '../time/time.ts';
import { measureJson } from '../values/byte-length.ts';
import { readCurrency } from '../values/currency.ts';
import {
  findUnreadableAmount,
  ORDER_AMOUNTS,
  REFUND_AMOUNTS,
  readDecimal,
  toMinorUnits,
} from '../values/money.ts';
import { type OrderState, readOrderStatus } from './order-status.ts';
import { isSameProduct, type ProductLine, readLines, sumLines } from './product-lines.ts';

/**
 * What the events of one order say about its money. They may come in any order: a part given back before its order, a
 * change before what it changes. Profile, scores, reports, guardrails and attribution all use the same sums
 * ({@link settleOrder}). Amounts are decimals with the currency that the event names, null if it names none: the order's
 * currency may become known later.
 */
export interface OrderAccount {
  /** The newest amount that can be read. */
  total: { amount: number; currency: string | null; at: Instant } | null;
  /** The newest currency that the order or a change of it names. */
  currency: { code: string; at: Instant } | null;
  /** The newest list of products; `isCut`: there are more than are kept. */
  lines: { list: ProductLine[]; isCut?: true; currency: string | null; at: Instant } | null;
  /** The newest word about the order as a whole. */
  state: { word: OrderState; at: Instant } | null;
  /** What was given back. */
  parts: OrderPart[];
}

/** A refund: an amount, products, or the whole order if it names neither. */
export interface OrderPart {
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
  currency: string;
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

const KEPT_PARTS = 50;
/** Size of all parts of an order as JSON: as much as one event has. */
const PART_BYTES = 32 * 1024;

export type OrderEvent = Pick<JourneyEvent, 'name' | 'at' | 'properties'>;

export function emptyAccount(): OrderAccount {
  return { total: null, currency: null, lines: null, state: null, parts: [] };
}

/**
 * Adds what an event says to the account of its order, in place.
 * @param own the workspace's currency: it says what a sign such as `$` means
 */
export function addToOrderAccount(account: OrderAccount, event: OrderEvent, own: string): void {
  const { name, at, properties: p } = event;
  if (name === 'Order Refunded') return addPart(account, readPart(event, own, account.currency?.code));
  if (name === 'Order Cancelled') return setState(account, 'cancelled', at);
  const currency = readCurrency(p.currency, own) ?? null;
  const money = currency ?? account.currency?.code ?? own;
  const list = readList(p.products, money);
  const amount = readDecimal(p, ORDER_AMOUNTS, money);
  if (amount !== null && isNewer(account.total, at)) account.total = { amount, currency, at };
  if (currency !== null && isNewer(account.currency, at)) account.currency = { code: currency, at };
  if (list && isNewer(account.lines, at)) {
    const isCut = list.length < (p.products as unknown[]).length;
    account.lines = { list, ...(isCut ? { isCut } : {}), currency, at };
  }
  const word = name === 'Order Updated' ? readOrderStatus(p.status) : undefined;
  if (word) setState(account, word, at);
}

/**
 * What a refund says.
 * @param own the workspace's currency
 * @param usual that of the order, if it is known
 */
export function readPart({ at, properties: p }: OrderEvent, own: string, usual = own): OrderPart {
  const currency = readCurrency(p.currency, own) ?? null;
  const money = currency ?? usual;
  const read = readDecimal(p, REFUND_AMOUNTS, money);
  // An amount that can't be read is a part of unknown worth, and not the whole order.
  const amount = read ?? (findUnreadableAmount(p, REFUND_AMOUNTS, money) === undefined ? null : 0);
  return {
    id: readFactId(p.refund_id) ?? readFactId(p.return_id) ?? null,
    amount: amount === null ? null : Math.abs(amount),
    currency,
    lines: readList(p.products, money),
    at,
  };
}

function readList(products: unknown, currency: string): ProductLine[] | null {
  return Array.isArray(products) && products.length > 0 ? readLines(products, currency) : null;
}

/**
 * The sums of an order, in the newest currency that it names.
 * @param own the workspace's currency, for an order that names none
 */
export function settleOrder(account: OrderAccount, own: string): SettledOrder {
  const { state } = account;
  const money = account.currency?.code ?? own;
  const currency = readCurrency(account.total?.currency, money) ?? money;
  const total = toMinorUnits(account.total?.amount, currency);
  const whole = Math.max(0, total ?? 0);
  if (state && state.word !== 'paid')
    return { status: state.word, total, currency, refunded: whole, kept: 0, returnedAt: state.at };
  const { sum, returnedAt } = sumParts(account, whole, currency);
  const refunded = returnedAt === null ? Math.min(whole, sum) : whole;
  const status = returnedAt === null ? 'paid' : 'refunded';
  return { status, total, currency, refunded, kept: (total ?? 0) - refunded, returnedAt };
}

/** Whether a part of the order's worth was given back in another currency, so that nothing is taken off for it. */
export function isForeignPart({ amount, currency, lines }: OrderPart, ordersCurrency: string): boolean {
  return (amount !== null || lines !== null) && !isSame(currency, ordersCurrency);
}

function isSame(named: string | null, currency: string): boolean {
  return (readCurrency(named, currency) ?? currency) === currency;
}

/** Both accounts of one order as one. */
export function mergeAccounts(a: OrderAccount, b: OrderAccount): OrderAccount {
  const merged: OrderAccount = {
    total: newer(a.total, b.total),
    currency: newer(a.currency, b.currency),
    lines: newer(a.lines, b.lines),
    state: newer(a.state, b.state),
    parts: [...a.parts],
  };
  for (const part of b.parts) addPart(merged, part);
  return merged;
}

function sumParts(
  account: OrderAccount,
  total: number,
  currency: string,
): { sum: number; returnedAt: Instant | null } {
  const left = (account.lines?.list ?? []).map((line) => ({ line, pieces: line.quantity ?? 1 }));
  let sum = 0;
  for (const part of account.parts) {
    sum += priceOf(part, account, currency);
    for (const line of part.lines ?? []) takeOff(left, line);
    const isAll = part.amount === null && part.lines === null;
    const hasAllProducts =
      part.amount === null &&
      account.lines !== null &&
      account.lines.isCut !== true &&
      left.every(({ pieces }) => pieces === 0);
    if (isAll || hasAllProducts || (total > 0 && sum >= total)) return { sum, returnedAt: part.at };
  }
  return { sum, returnedAt: null };
}

/** Takes the pieces of a returned product off those that the customer has still got. */
function takeOff(left: { line: ProductLine; pieces: number }[], returned: ProductLine): void {
  let pieces = returned.quantity ?? 1;
  for (const ordered of left) {
    if (!isSameProduct(ordered.line, returned)) continue;
    const taken = Math.min(pieces, ordered.pieces);
    ordered.pieces -= taken;
    pieces -= taken;
  }
}

/** What a part is worth; 0 if that is unknown: nothing is taken back that was not said to be. */
function priceOf(part: OrderPart, { lines }: OrderAccount, currency: string): number {
  if (!isSame(part.currency, currency)) return 0;
  if (part.amount !== null) return toMinorUnits(part.amount, currency) ?? 0;
  const known = lines && isSame(lines.currency, currency) ? lines.list : [];
  const priced = (part.lines ?? []).map((line) => {
    const ordered = line.price === null ? known.find((other) => isSameProduct(other, line)) : undefined;
    const { price, currency: named } = ordered ?? line;
    return {
      product: line.product,
      price,
      quantity: line.quantity ?? 1,
      ...(named ? { currency: named } : {}),
    };
  });
  return sumLines(priced, currency) ?? 0;
}

function addPart(account: OrderAccount, part: OrderPart): void {
  const text = JSON.stringify(part);
  const isKnown = account.parts.some((other) =>
    part.id === null ? JSON.stringify(other) === text : other.id === part.id,
  );
  if (isKnown) return;
  account.parts = limitParts([...account.parts, part].sort(compareParts));
}

/** Adds up the oldest amounts where there are too many parts, or too large ones, so that no money is lost. */
function limitParts(parts: OrderPart[]): OrderPart[] {
  const slim = dropLines(parts);
  const isSmall = slim.length < 2 || measureJson(slim) <= PART_BYTES;
  return isSmall && slim.length <= KEPT_PARTS ? slim : addUpOldest(slim);
}

/** Of parts that are too large, the oldest lose their lists of products, where they name an amount. */
function dropLines(parts: OrderPart[]): OrderPart[] {
  const slim = [...parts];
  for (let n = 0; n < slim.length - 1 && measureJson(slim) > PART_BYTES; n++) {
    const part = slim[n] as OrderPart;
    if (part.amount !== null && part.lines !== null) slim[n] = { ...part, lines: null };
  }
  return slim;
}

function addUpOldest(parts: OrderPart[]): OrderPart[] {
  const first = parts.findIndex(({ amount }) => amount !== null);
  const { amount = null, currency = null } = parts[first] ?? {};
  const second = parts.findIndex((p, n) => n > first && p.amount !== null && p.currency === currency);
  if (amount === null || second < 0) return limitParts(parts.slice(1));
  const other = parts[second] as OrderPart;
  const sum = { ...other, id: null, amount: amount + (other.amount ?? 0), lines: null };
  return limitParts(parts.with(second, sum).toSpliced(first, 1));
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
