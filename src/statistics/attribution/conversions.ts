import { toMinorUnits } from '../../domain/customer/commerce.ts';
import { ORDER_REVERSALS, toText } from '../../domain/event.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Conversion } from './touch-paths.ts';

/** An event as the log has it, as far as conversions need it. */
export interface ConversionEvent {
  customer: string;
  name: string;
  at: Instant;
  orderId: unknown;
  currency: unknown;
  /** Where the amount may stand, the first that is one holds. */
  amounts: unknown[];
}

export interface Conversions {
  byCustomer: Map<string, Conversion[]>;
  /** Of another currency: they count, and their value doesn't, since nobody knows a rate. */
  otherCurrency: number;
}

/**
 * What counts: events of one name, an order once however often it is told of. An order that was refunded or cancelled
 * since still counts, and is worth nothing (so the golden record has it, too). Amounts below zero are worth nothing.
 * @param said oldest first
 */
export function collectConversions(
  said: readonly ConversionEvent[],
  { event, currency }: { event: string; currency: string },
): Conversions {
  const takenBack = new Set(said.flatMap((one) => (ORDER_REVERSALS.includes(one.name) ? orderOf(one) : [])));
  const seen = new Set<string>();
  const byCustomer = new Map<string, Conversion[]>();
  let foreign = 0;
  for (const one of said.filter(({ name }) => name === event)) {
    const [order] = orderOf(one);
    if (order !== undefined && event === 'Order Completed') {
      if (seen.has(order)) continue;
      seen.add(order);
    }
    const strange = (toText(one.currency) ?? currency) !== currency;
    if (strange) foreign++;
    const worthless = strange || (order !== undefined && takenBack.has(order));
    const amount = one.amounts.find((value) => value !== null && value !== undefined);
    const value = worthless ? 0 : Math.max(0, toMinorUnits(amount) ?? 0);
    const list = byCustomer.get(one.customer) ?? [];
    list.push({ at: one.at, value });
    byCustomer.set(one.customer, list);
  }
  return { byCustomer, otherCurrency: foreign };
}

/** Order ids are the shop's, and could be anybody's: they are told apart by customer. */
function orderOf({ customer, orderId }: ConversionEvent): [string] | [] {
  const id = toText(orderId);
  return id === undefined ? [] : [`${customer}\u0001${id}`];
}
