import type { Purchase } from './feed-parse.ts';

const USER = 'cdnow-';

/** One feed: its message ids and how its events are told. */
export interface FeedRun {
  /** Drawn afresh for each run. */
  id: string;
  /** Backfill: the original date counts, and no journey is entered. */
  historical: boolean;
}

/** Who the purchase is of, as the API knows them. */
export function userIdOf(customer: string): string {
  return `${USER}${customer}`;
}

/** What all message ids of a run begin with. */
export function messagePrefix(run: FeedRun): string {
  return `${USER}${run.id}-`;
}

/**
 * A purchase as Segment's `Order Completed`. The message id is the line's: a request that is tried again counts once,
 * while two equal lines are two purchases. Addresses are of a domain that is reserved for examples.
 */
export function purchaseEvent(purchase: Purchase, run: FeedRun, now: Date) {
  const { line, customer, date, units, cents } = purchase;
  const dollars = cents / 100;
  return {
    type: 'track',
    event: 'Order Completed',
    messageId: `${messagePrefix(run)}${line}`,
    userId: userIdOf(customer),
    timestamp: run.historical ? `${date}T12:00:00.000Z` : now.toISOString(),
    properties: {
      order_id: `${USER}${line}`,
      total: dollars,
      revenue: dollars,
      currency: 'USD',
      quantity: units,
      originalDate: date,
      products: [{ product_id: 'cd', quantity: units }],
    },
    context: {
      ...(run.historical ? { historical: true } : {}),
      traits: { email: `${userIdOf(customer)}@example.com` },
      consent: { categoryPreferences: { marketing: true } },
    },
  };
}
