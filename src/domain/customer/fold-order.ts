import { type JourneyEvent, toText } from '../event.ts';
import { readFactId } from '../fact-id.ts';
import { getOwn } from '../values/get-own.ts';
import { type Commerce, computeSpend, KEPT_ORDERS, type Order, type OrderReturn } from './commerce.ts';
import { addToOrderAccount, emptyAccount, type OrderAccount, settleOrder } from './order-account.ts';
import { splitByCategory } from './order-categories.ts';
import { identifyProduct, readItems } from './product-lines.ts';

const KEPT_RETURNS = 20;
const LONGEST_CHANNEL = 64;

type Folded = Pick<JourneyEvent, 'name' | 'at' | 'seq' | 'properties'>;

/**
 * Folds an event about an order, in place. What is said of an order that has not been accepted yet is kept until the
 * order comes.
 */
export function foldOrderEvent(commerce: Commerce, event: Folded, currency: string): void {
  const isOrder = event.name === 'Order Completed';
  const id = readFactId(event.properties.order_id) ?? (isOrder ? `at-${event.at}-${event.seq}` : undefined);
  if (id === undefined) return;
  const order = commerce.orders.find((item) => item.id === id);
  if (order) {
    if (!isOrder) changeOrder(commerce, order, event, currency);
    return;
  }
  const account = commerce.returns.find((item) => item.id === id)?.account ?? emptyAccount();
  addToOrderAccount(account, event, currency);
  commerce.returns = commerce.returns.filter((item) => item.id !== id);
  if (!isOrder) {
    commerce.returns = [...commerce.returns, { id, account }].slice(-KEPT_RETURNS);
    return;
  }
  addOrder(commerce, id, event, account, currency);
}

function addOrder(commerce: Commerce, id: string, event: Folded, account: OrderAccount, currency: string) {
  const { at, properties: p } = event;
  const order: Order = { id, ...describe(account, currency), currency, at, problem: null, account };
  const channel = toText(p.channel) ?? toText(p.affiliation);
  if (channel !== undefined) order.channel = channel.slice(0, LONGEST_CHANNEL);
  foldProducts(order, event);
  commerce.orders.push(order);
  commerce.orders.sort(compareOrders);
  if (commerce.orders.length > KEPT_ORDERS) commerce.orders.shift();
  addSpend(commerce.spend, order, 1);
  commerce.orderCount++;
  commerce.emptiedAt = Math.max(commerce.emptiedAt, at);
  if (commerce.cart && commerce.cart.at <= at) commerce.cart = null;
}

function changeOrder(commerce: Commerce, order: Order, event: Folded, currency: string): void {
  addSpend(commerce.spend, order, -1);
  const account = readAccount(order);
  const before = account.lines;
  addToOrderAccount(account, event, currency);
  refreshOrder(order, account);
  if (account.lines !== before) foldProducts(order, event);
  addSpend(commerce.spend, order, 1);
}

/** By time, then by id, so that the same orders are always in the same order. */
export function compareOrders(a: Order, b: Order): number {
  return a.at - b.at || (a.id < b.id ? -1 : 1);
}

/** Brings what an order shows up to date with its account, in place. */
export function refreshOrder(order: Order, account: OrderAccount): void {
  Object.assign(order, describe(account, order.currency), { account });
}

/** What the events of an order say; of a record without that, what it shows. */
export function readAccount({ account, total, currency, status, at }: Order): OrderAccount {
  return (
    account ?? {
      ...emptyAccount(),
      total: total === null ? null : { amount: total, currency, at },
      state: status === 'paid' ? null : { word: status, at },
    }
  );
}

/** Adds what the order keeps to the spend, or takes it off. */
export function addSpend(spend: Record<string, number>, order: Order, sign: 1 | -1): void {
  spend[order.currency] = (getOwn(spend, order.currency) ?? 0) + sign * computeSpend(order);
}

/** The pending statements of two customers about orders that neither has, one account per order. */
export function limitReturns(returns: OrderReturn[]): OrderReturn[] {
  return [...returns].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(-KEPT_RETURNS);
}

function describe(account: OrderAccount, currency: string) {
  const { status, total, refunded, ...settled } = settleOrder(account);
  return { status, total, refunded, currency: settled.currency ?? currency };
}

function foldProducts(order: Order, { properties }: Folded): void {
  const items = readItems(properties.products);
  order.products = items.flatMap((item) => identifyProduct(item) ?? []);
  const categories = splitByCategory(items, order.total ?? 0);
  if (categories.length > 0) order.categories = categories;
  else delete order.categories;
}
