import { settleOrder } from '../../domain/customer/order-account.ts';
import { readFactId } from '../../domain/fact-id.ts';
import type { Instant } from '../../domain/time/time.ts';
import { readCurrency } from '../../domain/values/currency.ts';
import { toMinorUnits } from '../../domain/values/money.ts';
import { collectOrders } from '../order-accounts.ts';
import type { Conversion } from './touch-paths.ts';

/** The part of a log event that conversions read. Properties are unchecked, as the sender wrote them. */
export interface ConversionEvent {
  name: string;
  at: Instant;
  orderId: unknown;
  currency: unknown;
  /** The first of `total`, `revenue` and `value` that can be read is the amount. */
  total: unknown;
  revenue: unknown;
  value: unknown;
  /** Another name for the amount of a refund. */
  amount?: unknown;
  /** Products, state and id of a refund, for the sums of the order. */
  products?: unknown;
  status?: unknown;
  refundId?: unknown;
  returnId?: unknown;
}

/** A conversion in another currency has the value 0, because there is no exchange rate. */
export type ReadConversion = Conversion & { isForeign: boolean };

/**
 * The conversions of one customer: the events of one name, and each order only once. An order counts with what was kept
 * of it: one that was given back or cancelled later still counts, with the value 0. Amounts below zero count as 0.
 * @param events oldest first
 */
export function listConversions(
  events: readonly ConversionEvent[],
  { event, currency }: { event: string; currency: string },
): ReadConversion[] {
  const orders = collectOrders(
    events.flatMap((entry) => {
      const key = readFactId(entry.orderId);
      return key === undefined ? [] : [{ key, event: toOrderEvent(entry) }];
    }),
    currency,
  );
  const seen = new Set<string>();
  const conversions: ReadConversion[] = [];
  for (const entry of events.filter(({ name }) => name === event)) {
    const order = readFactId(entry.orderId);
    if (order !== undefined && event === 'Order Completed') {
      if (seen.has(order)) continue;
      seen.add(order);
    }
    const history = order === undefined ? undefined : orders.get(order);
    const settled = history && settleOrder(history.account, currency);
    const isForeign = (settled?.currency ?? readCurrency(entry.currency, currency) ?? currency) !== currency;
    const { total, revenue, value } = entry;
    const [named = 0] = [total, revenue, value].flatMap((amount) => toMinorUnits(amount, currency) ?? []);
    const isWorthless = isForeign || (settled !== undefined && settled.status !== 'paid');
    const amount = event === 'Order Completed' && settled ? settled.kept : named;
    conversions.push({ at: entry.at, value: isWorthless ? 0 : Math.max(0, amount), isForeign });
  }
  return conversions;
}

function toOrderEvent({ name, at, refundId, returnId, orderId: _, ...properties }: ConversionEvent) {
  return { name, at, properties: { ...properties, refund_id: refundId, return_id: returnId } };
}
