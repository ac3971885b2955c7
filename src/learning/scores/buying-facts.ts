import type { Instant } from '../../domain/time/time.ts';
import type { CustomerHistory } from './types.ts';

/** Totals of a customer's purchases. */
export interface PurchaseFacts {
  first: Instant;
  last: Instant;
  orders: number;
  /** Minor units, less refunds. */
  spend: number;
}

/** Sums up the purchases until `until`; null if there are none. */
export function summarizePurchases(
  { purchases, earlier }: Pick<CustomerHistory, 'purchases' | 'earlier'>,
  until: Instant,
): PurchaseFacts | null {
  let facts: PurchaseFacts | null =
    earlier && earlier.count > 0 && earlier.first <= until
      ? { first: earlier.first, last: earlier.first, orders: earlier.count, spend: earlier.amount }
      : null;
  for (const { at, amount } of purchases) {
    if (at > until) continue;
    facts ??= { first: at, last: at, orders: 0, spend: 0 };
    facts.first = Math.min(facts.first, at);
    facts.last = Math.max(facts.last, at);
    facts.orders++;
    facts.spend += amount;
  }
  return facts;
}
