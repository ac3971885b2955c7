import { DAY, type Instant } from '../../../domain/time/time.ts';
import { localDay, UTC, type Zone } from '../../../domain/time/zone.ts';
import type { BuyingSummary, CustomerHistory } from '../types.ts';

const DAYS_A_WEEK = 7;
export const WEEK = DAYS_A_WEEK * DAY;

/**
 * What the models see of a customer at `until`: purchases of one day (of the workspace's zone) are one, the first day
 * starts the clock and doesn't count as a repeat. Null for who never bought.
 *
 * Orders that the profile no longer lists count as a day each, as far as there are days, and at their mean.
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
  const gone = earlier !== null && earlier.count > 0 && earlier.first <= until ? earlier : null;
  const listed = [...days.keys()].sort((a, b) => a - b);
  const first = gone ? localDay(zone, gone.first) : listed[0];
  if (first === undefined) return null;
  const last = listed.at(-1) ?? first;
  // No more than one a day: orders whose days are no longer known may have shared them.
  const x = Math.min(listed.length + (gone?.count ?? 0) - 1, last - first);
  let spent = 0;
  for (const [day, amount] of days) if (gone || day !== first) spent += amount;
  if (gone) spent += (gone.amount / gone.count) * (gone.count - 1);
  return {
    x,
    tx: (last - first) / DAYS_A_WEEK,
    T: (Math.max(localDay(zone, until), last) - first) / DAYS_A_WEEK,
    mean: x > 0 ? spent / x : 0,
  };
}
