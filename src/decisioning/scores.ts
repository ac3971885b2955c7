import type { Order } from '../domain/commerce.ts';
import { own } from '../domain/own.ts';
import type { Profile } from '../domain/profile.ts';
import { DAY, type Instant } from '../domain/time.ts';

/**
 * Scores that conditions can name. Those that end in `At` are instants, the others lie in [0, 1].
 *
 * `value`: lifetime spend s in the workspace's currency, as s / (s + half): 0 for a new customer, 0.5 at `half`, 0.8 at
 * four times that.
 *
 * `overdueAt`, `lapsedAt`: when this customer's next order is late, and when it isn't to be expected any more, from
 * their own rhythm. With g the mean gap between the orders kept: the last order plus 2 g and 4 g, but no less than 30
 * and 60 days. After one order there is no rhythm: 90 and 180 days. Missing for who never ordered.
 *
 * All are stand-ins with no model behind them, until they are fitted from the history.
 */
export function scoresOf(profile: Profile, currency: string, valueHalf: number): Record<string, number> {
  const spend = Math.max(0, own(profile.spend, currency) ?? 0);
  return { value: spend / (spend + valueHalf), ...rhythmOf(profile.orders) };
}

/** Cancelled orders were never wanted, refunded ones were. */
function rhythmOf(orders: Order[]): { overdueAt?: Instant; lapsedAt?: Instant } {
  const times = orders.filter((order) => order.status !== 'cancelled').map((order) => order.at);
  if (times.length === 0) return {};
  const last = Math.max(...times);
  if (times.length === 1) return { overdueAt: last + 90 * DAY, lapsedAt: last + 180 * DAY };
  const gap = (last - Math.min(...times)) / (times.length - 1);
  return {
    overdueAt: last + Math.max(Math.round(2 * gap), 30 * DAY),
    lapsedAt: last + Math.max(Math.round(4 * gap), 60 * DAY),
  };
}
