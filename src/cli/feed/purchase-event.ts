import type { Purchase } from './parse-purchases.ts';

const USER = 'cdnow-';

/** One feed: its message ids and how its events are told. */
export interface FeedRun {
  /** Drawn afresh for each run. */
  id: string;
  /** Backfill: the original date counts, and no journey is entered. */
  historical: boolean;
  /** By how many days the dates of a backfill are moved. */
  shiftDays: number;
}

const DAY_MS = 86_400_000;

/** By how many days dates have to be moved for the last purchase to be of the day (UTC) before `now`. */
export function shiftToYesterday(purchases: Purchase[], now: Date): number {
  const last = purchases.reduce((latest, { date }) => (date > latest ? date : latest), '');
  return Math.floor(now.getTime() / DAY_MS) - 1 - Date.parse(`${last}T00:00:00Z`) / DAY_MS;
}

/** Who the purchase is of, as the API knows them. */
export function toUserId(customer: string): string {
  return `${USER}${customer}`;
}

/** What all message ids of a run begin with. */
export function buildMessagePrefix(run: FeedRun): string {
  return `${USER}${run.id}-`;
}

/**
 * A purchase as Segment's `Order Completed`. The message id is the line's: a request that is tried again counts once,
 * while two equal lines are two purchases. Addresses are of a domain that is reserved for examples. It names no
 * currency: the amounts count in the workspace's own, since scores pass over all others.
 */
export function buildPurchaseEvent(purchase: Purchase, run: FeedRun, now: Date) {
  const { line, customer, date, units, cents } = purchase;
  const amount = cents / 100;
  return {
    type: 'track',
    event: 'Order Completed',
    messageId: `${buildMessagePrefix(run)}${line}`,
    userId: toUserId(customer),
    timestamp: (run.historical ? noonOf(date, run.shiftDays) : now).toISOString(),
    properties: {
      order_id: `${USER}${line}`,
      total: amount,
      revenue: amount,
      quantity: units,
      originalDate: date,
      products: [{ product_id: 'cd', quantity: units }],
    },
    context: {
      ...(run.historical ? { historical: true } : {}),
      traits: { email: `${toUserId(customer)}@example.com` },
      consent: { categoryPreferences: { marketing: true } },
    },
  };
}

function noonOf(date: string, shift: number): Date {
  return new Date(Date.parse(`${date}T12:00:00Z`) + shift * DAY_MS);
}
