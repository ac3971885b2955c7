import { DAY, type Instant } from '../../../domain/time/time.ts';
import { localDay, UTC, type Zone } from '../../../domain/time/zone.ts';
import type { BuyingSummary, CustomerHistory } from '../types.ts';

const DAYS_A_WEEK = 7;
export const WEEK = DAYS_A_WEEK * DAY;

/**
 * Summarises a customer's purchases until `until` for the models: purchases of one day (in the workspace's zone) count
 * once; the first day starts the clock and is no repeat purchase. Null without a purchase.
 *
 * Each order that the profile no longer lists counts as one day, as far as there are enough days, with the mean amount.
 */
export function summarizeBuying(
  { purchases, earlier }: Pick<CustomerHistory, 'purchases' | 'earlier'>,
  until: Instant,
  zone: Zone = UTC,
): BuyingSummary | null {
  const days = new Map<number, number>();
  for (const { at, amount } of purchases) {
    if (at > until) continue;
    const day = localDay(zone, at);
    days.set(day, (days.get(day) ?? 0) + amount);
  }
  const unlisted = earlier !== null && earlier.count > 0 && earlier.first <= until ? earlier : null;
  const listed = [...days.keys()].sort((a, b) => a - b);
  const first = unlisted ? localDay(zone, unlisted.first) : listed[0];
  if (first === undefined) return null;
  const last = listed.at(-1) ?? first;
  // At most one purchase a day: orders that are no longer listed may have been on the same day.
  const x = Math.min(listed.length + (unlisted?.count ?? 0) - 1, last - first);
  let spent = 0;
  for (const [day, amount] of days) if (unlisted || day !== first) spent += amount;
  if (unlisted) spent += (unlisted.amount / unlisted.count) * (unlisted.count - 1);
  return {
    x,
    tx: (last - first) / DAYS_A_WEEK,
    T: (Math.max(localDay(zone, until), last) - first) / DAYS_A_WEEK,
    mean: x > 0 ? spent / x : 0,
  };
}
