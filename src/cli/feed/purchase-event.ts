import { parseInstant } from '../../domain/time/read-time.ts';
import { toDate } from '../../domain/time/time.ts';
import type { Purchase } from './parse-purchases.ts';

const USER = 'cdnow-';

/** One run of the command: its message ids, and whether its events are backfill. */
export interface FeedRun {
  /** Random, and different for each run. */
  id: string;
  /** Backfill: events keep their own date, and enter no journey. */
  historical: boolean;
  /** By how many days the dates of a backfill are moved. */
  shiftDays: number;
}

const DAY_MS = 86_400_000;

/** The number of days by which dates must move so that the last purchase is on the day (UTC) before `now`. */
export function shiftToYesterday(purchases: Purchase[], now: Date): number {
  const last = purchases.reduce((latest, { date }) => (date > latest ? date : latest), '');
  return Math.floor(now.getTime() / DAY_MS) - 1 - parseInstant(last) / DAY_MS;
}

/** The user id under which the API receives a customer of the file. */
export function toUserId(customer: string): string {
  return `${USER}${customer}`;
}

/** The prefix of all message ids of a run. */
export function buildMessagePrefix(run: FeedRun): string {
  return `${USER}${run.id}-`;
}

/**
 * Builds Segment's `Order Completed` for a purchase. The message id contains the line number: a repeated request counts
 * once, while two equal lines are two purchases. Addresses use a domain that is reserved for examples. The event has no
 * currency, so the amount counts in the workspace's own; scores ignore amounts in other currencies.
 */
export function buildPurchaseEvent(purchase: Purchase, run: FeedRun, now: Date) {
  const { line, customer, date, units, cents } = purchase;
  const amount = cents / 100;
  return {
    type: 'track',
    event: 'Order Completed',
    messageId: `${buildMessagePrefix(run)}${line}`,
    userId: toUserId(customer),
    timestamp: (run.historical ? shiftToNoon(date, run.shiftDays) : now).toISOString(),
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

function shiftToNoon(date: string, shift: number): Date {
  return toDate(parseInstant(`${date}T12:00:00Z`) + shift * DAY_MS);
}
