import { minor } from '../../domain/commerce.ts';
import { TAKEN_BACK, textOf } from '../../domain/event.ts';
import type { Instant } from '../../domain/time.ts';
import type { Conversion } from './paths.ts';

/** An event as the log has it, as far as conversions need it. */
export interface ConversionSaid {
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
  foreign: number;
}

/**
 * What counts: events of one name, an order once however often it is told of. An order that was refunded or cancelled
 * since still counts, and is worth nothing (so the golden record has it, too). Amounts below zero are worth nothing.
 * @param said oldest first
 */
export function conversionsOf(
  said: readonly ConversionSaid[],
  { event, currency }: { event: string; currency: string },
): Conversions {
  const takenBack = new Set(said.flatMap((one) => (TAKEN_BACK.includes(one.name) ? orderOf(one) : [])));
  const seen = new Set<string>();
  const byCustomer = new Map<string, Conversion[]>();
  let foreign = 0;
  for (const one of said.filter(({ name }) => name === event)) {
    const [order] = orderOf(one);
    if (order !== undefined && event === 'Order Completed') {
      if (seen.has(order)) continue;
      seen.add(order);
    }
    const strange = (textOf(one.currency) ?? currency) !== currency;
    if (strange) foreign++;
    const worthless = strange || (order !== undefined && takenBack.has(order));
    const amount = one.amounts.find((value) => value !== null && value !== undefined);
    const value = worthless ? 0 : Math.max(0, minor(amount) ?? 0);
    const list = byCustomer.get(one.customer) ?? [];
    list.push({ at: one.at, value });
    byCustomer.set(one.customer, list);
  }
  return { byCustomer, foreign };
}

/** Order ids are the shop's, and could be anybody's: they are told apart by customer. */
function orderOf({ customer, orderId }: ConversionSaid): [string] | [] {
  const id = textOf(orderId);
  return id === undefined ? [] : [`${customer}\u0001${id}`];
}
