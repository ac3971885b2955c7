import {
  emptyAccount,
  ORDER_EVENTS,
  type OrderAccount,
  settleOrder,
  tellAccount,
} from '../../domain/customer/order-account.ts';
import { toText } from '../../domain/event.ts';
import type { Instant } from '../../domain/time/time.ts';
import { toMinorUnits } from '../../domain/values/money.ts';
import type { Conversion } from './touch-paths.ts';

/** The part of a log event that conversions read. Properties are unchecked, as the sender wrote them. */
export interface ConversionEvent {
  customer: string;
  name: string;
  at: Instant;
  orderId: unknown;
  currency: unknown;
  /** Possible amounts; the first that can be read counts. */
  amounts: unknown[];
  /** Products, state and id of a refund, for the sums of the order. */
  products?: unknown;
  status?: unknown;
  refundId?: unknown;
}

export interface Conversions {
  byCustomer: Map<string, Conversion[]>;
  /** Number of conversions in another currency; they count with the value 0, because there is no exchange rate. */
  otherCurrency: number;
}

/**
 * Collects conversions by customer: the events of one name, and each order only once. An order counts with what was kept
 * of it: one that was given back or cancelled later still counts, with the value 0. Amounts below zero count as 0.
 * @param events oldest first
 */
export function collectConversions(
  events: readonly ConversionEvent[],
  { event, currency }: { event: string; currency: string },
): Conversions {
  const accounts = tellAccounts(events, currency);
  const seen = new Set<string>();
  const byCustomer = new Map<string, Conversion[]>();
  let otherCurrency = 0;
  for (const entry of events.filter(({ name }) => name === event)) {
    const [order] = readOrderKey(entry);
    if (order !== undefined && event === 'Order Completed') {
      if (seen.has(order)) continue;
      seen.add(order);
    }
    const account = order === undefined ? undefined : accounts.get(order);
    const settled = account && settleOrder(account);
    const isForeign = (settled?.currency ?? readCurrencyOf(entry) ?? currency) !== currency;
    if (isForeign) otherCurrency++;
    const [named = 0] = entry.amounts.flatMap((value) => toMinorUnits(value, currency) ?? []);
    const isWorthless = isForeign || (settled !== undefined && settled.status !== 'paid');
    const amount = event === 'Order Completed' && settled ? settled.kept : named;
    const value = isWorthless ? 0 : Math.max(0, amount);
    const list = byCustomer.get(entry.customer) ?? [];
    list.push({ at: entry.at, value });
    byCustomer.set(entry.customer, list);
  }
  return { byCustomer, otherCurrency };
}

function readCurrencyOf({ currency }: ConversionEvent): string | undefined {
  return toText(currency)?.trim().toUpperCase();
}

/** What the events say about the money of each order. */
function tellAccounts(events: readonly ConversionEvent[], currency: string): Map<string, OrderAccount> {
  const accounts = new Map<string, OrderAccount>();
  const ordered = new Set<string>();
  for (const entry of events) {
    const [order] = readOrderKey(entry);
    if (order === undefined || !ORDER_EVENTS.includes(entry.name)) continue;
    // The order itself counts as it was told first.
    if (entry.name === 'Order Completed' && ordered.has(order)) continue;
    if (entry.name === 'Order Completed') ordered.add(order);
    const account = accounts.get(order) ?? emptyAccount();
    accounts.set(order, account);
    const { name, at, currency: named, products, status, refundId, amounts } = entry;
    const [total, revenue, value] = amounts;
    const properties = { total, revenue, value, currency: named, products, status, refund_id: refundId };
    tellAccount(account, { name, at, properties }, currency);
  }
  return accounts;
}

/** The key of an order within its customer: the shop chooses order ids, and different customers can have the same one. */
function readOrderKey({ customer, orderId }: ConversionEvent): [string] | [] {
  const id = toText(orderId);
  return id === undefined ? [] : [`${customer}\u0001${id}`];
}
