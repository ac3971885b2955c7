import { type JourneyEvent, toText } from '../event.ts';
import { readFactId } from '../fact-id.ts';
import { getOwn } from '../values/get-own.ts';
import { toDecimal } from '../values/money.ts';
import { stateCart } from './cart-log.ts';
import {
  type Commerce,
  compareOrders,
  computeSpend,
  KEPT_ORDERS,
  type OlderOrder,
  type Order,
  type OrderReturn,
} from './commerce.ts';
import { retireOrders } from './older-orders.ts';
import { addToOrderAccount, emptyAccount, type OrderAccount, settleOrder } from './order-account.ts';
import { splitByCategory } from './order-categories.ts';

const KEPT_RETURNS = 50;
const LONGEST_CHANNEL = 64;

type Folded = Pick<JourneyEvent, 'name' | 'at' | 'seq' | 'properties'>;

/**
 * Folds an event about an order, in place. What is said of an order that is not known is kept until the order comes.
 * Returns the ids of such orders that went because there was no room for all.
 */
export function foldOrderEvent(commerce: Commerce, event: Folded, currency: string): string[] {
  const isOrder = event.name === 'Order Completed';
  const id = readFactId(event.properties.order_id) ?? (isOrder ? `at-${event.at}-${event.seq}` : undefined);
  if (id === undefined) return [];
  const order = commerce.orders.find((item) => item.id === id);
  const older = order ?? commerce.older?.find((item) => item.id === id);
  if (older) {
    if (isOrder) return [];
    if (order) changeOrder(commerce, order, event, currency);
    else changeOlderOrder(commerce, older, event, currency);
    return [];
  }
  const account = commerce.returns.find((item) => item.id === id)?.account ?? emptyAccount();
  addToOrderAccount(account, event, currency);
  commerce.returns = commerce.returns.filter((item) => item.id !== id);
  if (isOrder) {
    addOrder(commerce, id, event, account, currency);
    return [];
  }
  const pending = [...commerce.returns, { id, account }];
  commerce.returns = pending.slice(-KEPT_RETURNS);
  return pending.slice(0, -KEPT_RETURNS).map((item) => item.id);
}

/** Whether the event gives back money of an order that is not known: it has not come yet, or it is too old. */
export function refundsUnknownOrder(
  { returns }: Pick<Commerce, 'returns'>,
  { name, properties }: Pick<JourneyEvent, 'name' | 'properties'>,
): boolean {
  if (name !== 'Order Refunded') return false;
  const id = readFactId(properties.order_id);
  return id !== undefined && returns.some((item) => item.id === id);
}

function addOrder(commerce: Commerce, id: string, event: Folded, account: OrderAccount, currency: string) {
  const { at, properties: p } = event;
  const order: Order = { id, ...describe(account, currency), at, problem: null, account };
  const channel = toText(p.channel) ?? toText(p.affiliation);
  if (channel !== undefined) order.channel = channel.slice(0, LONGEST_CHANNEL);
  showProducts(order, account);
  commerce.orders.push(order);
  commerce.orders.sort(compareOrders);
  retireOrders(commerce, commerce.orders.splice(0, commerce.orders.length - KEPT_ORDERS));
  addSpend(commerce.spend, order, 1);
  commerce.orderCount++;
  commerce.emptiedAt = Math.max(commerce.emptiedAt, at);
  stateCart(commerce, null, at, currency);
}

function changeOrder(commerce: Commerce, order: Order, event: Folded, currency: string): void {
  addSpend(commerce.spend, order, -1);
  const account = readAccount(order);
  addToOrderAccount(account, event, currency);
  refreshOrder(order, account);
  addSpend(commerce.spend, order, 1);
}

/** Of an older order only its sums are known. Products that are given back need prices of their own. */
function changeOlderOrder(commerce: Commerce, order: OlderOrder, event: Folded, currency: string): void {
  addSpend(commerce.spend, order, -1);
  const account = readAccount(order);
  addToOrderAccount(account, event, currency);
  Object.assign(order, describe(account, order.currency));
  addSpend(commerce.spend, order, 1);
}

/** Brings what an order shows up to date with its account, in place. */
export function refreshOrder(order: Order, account: OrderAccount): void {
  Object.assign(order, describe(account, order.currency), { account });
  showProducts(order, account);
}

/** What the events of an order say; of a record without that, what it shows. */
export function readAccount(order: Order | OlderOrder): OrderAccount {
  if ('account' in order && order.account !== undefined) return order.account;
  const { total, currency, status, at, refunded = 0 } = order;
  const isPartlyRefunded = status === 'paid' && refunded > 0;
  const part = { id: null, amount: toDecimal(refunded, currency), currency, lines: null, at };
  return {
    ...emptyAccount(),
    total: total === null ? null : { amount: toDecimal(total, currency), currency, at },
    state: status === 'paid' ? null : { word: status, at },
    parts: isPartlyRefunded ? [part] : [],
  };
}

/** Adds what the order keeps to the spend, or takes it off. */
export function addSpend(spend: Record<string, number>, order: OlderOrder, sign: 1 | -1): void {
  spend[order.currency] = (getOwn(spend, order.currency) ?? 0) + sign * computeSpend(order);
}

/** The pending statements of two customers about orders that neither has, one account per order. */
export function limitReturns(returns: OrderReturn[]): OrderReturn[] {
  return [...returns].sort((a, b) => (a.id < b.id ? 1 : -1)).slice(-KEPT_RETURNS);
}

function describe(account: OrderAccount, own: string) {
  const { status, total, refunded, currency } = settleOrder(account, own);
  return { status, total, refunded, currency };
}

/** Products and categories as the newest list has them, whatever event it came with. */
function showProducts(order: Order, { lines }: OrderAccount): void {
  if (!lines) {
    order.products ??= [];
    return;
  }
  order.products = lines.list.flatMap(({ product }) => (product === '' ? [] : [product]));
  const categories = splitByCategory(lines.list, order.total ?? 0);
  if (categories.length > 0) order.categories = categories;
  else delete order.categories;
}
