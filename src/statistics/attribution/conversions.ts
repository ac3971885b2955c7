import { settleOrder } from '../../domain/customer/order-account.ts';
import { readFactId } from '../../domain/fact-id.ts';
import type { Instant } from '../../domain/time/time.ts';
import { readCurrency } from '../../domain/values/currency.ts';
import { toMinorUnits } from '../../domain/values/money.ts';
import { collectOrders } from '../order-accounts.ts';
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
  /** Another name for the amount of a refund. */
  amount?: unknown;
  /** Products, state and id of a refund, for the sums of the order. */
  products?: unknown;
  status?: unknown;
  refundId?: unknown;
  returnId?: unknown;
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
  const orders = collectOrders(
    events.flatMap((entry) => readOrderKey(entry).map((key) => ({ key, event: toOrderEvent(entry) }))),
    currency,
  );
  const seen = new Set<string>();
  const byCustomer = new Map<string, Conversion[]>();
  let otherCurrency = 0;
  for (const entry of events.filter(({ name }) => name === event)) {
    const [order] = readOrderKey(entry);
    if (order !== undefined && event === 'Order Completed') {
      if (seen.has(order)) continue;
      seen.add(order);
    }
    const history = order === undefined ? undefined : orders.get(order);
    const settled = history && settleOrder(history.account, currency);
    const isForeign = (settled?.currency ?? readCurrency(entry.currency, currency) ?? currency) !== currency;
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

function toOrderEvent({
  name,
  at,
  currency,
  products,
  status,
  refundId,
  returnId,
  amounts,
  amount,
}: ConversionEvent) {
  const [total, revenue, value] = amounts;
  const ids = { refund_id: refundId, return_id: returnId };
  return { name, at, properties: { total, revenue, value, amount, currency, products, status, ...ids } };
}

/** The key of an order within its customer: the shop chooses order ids, and different customers can have the same one. */
function readOrderKey({ customer, orderId }: ConversionEvent): [string] | [] {
  const id = readFactId(orderId);
  return id === undefined ? [] : [`${customer}\u0001${id}`];
}
