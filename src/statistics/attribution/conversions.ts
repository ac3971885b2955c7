import { ORDER_REVERSALS, toText } from '../../domain/event.ts';
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
}

export interface Conversions {
  byCustomer: Map<string, Conversion[]>;
  /** Number of conversions in another currency; they count with the value 0, because there is no exchange rate. */
  otherCurrency: number;
}

/**
 * Collects conversions by customer: the events of one name, and each order only once. An order that was refunded or
 * cancelled later still counts, with the value 0, as in the profile. Amounts below zero count as 0.
 * @param events oldest first
 */
export function collectConversions(
  events: readonly ConversionEvent[],
  { event, currency }: { event: string; currency: string },
): Conversions {
  const reversed = new Set(
    events.flatMap((entry) => (ORDER_REVERSALS.includes(entry.name) ? readOrderKey(entry) : [])),
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
    const isForeign = (toText(entry.currency) ?? currency) !== currency;
    if (isForeign) otherCurrency++;
    const worthless = isForeign || (order !== undefined && reversed.has(order));
    const [amount = 0] = entry.amounts.flatMap((value) => toMinorUnits(value, currency) ?? []);
    const value = worthless ? 0 : Math.max(0, amount);
    const list = byCustomer.get(entry.customer) ?? [];
    list.push({ at: entry.at, value });
    byCustomer.set(entry.customer, list);
  }
  return { byCustomer, otherCurrency };
}

/** The key of an order within its customer: the shop chooses order ids, and different customers can have the same one. */
function readOrderKey({ customer, orderId }: ConversionEvent): [string] | [] {
  const id = toText(orderId);
  return id === undefined ? [] : [`${customer}\u0001${id}`];
}
