import { pow } from '../../../maths/elementary.ts';
import type { BuyingParams } from '../types.ts';
import { silenceUntilAlive } from './buying.ts';

/** Ten years, in weeks: the longest period. */
const MAX_WEEKS = 520;

/**
 * Weeks after the last purchase until a customer is overdue (late), lapsed (to be won back), and past sunset (no longer
 * contacted).
 */
export interface BuyingRhythm {
  overdue: number;
  lapsed: number;
  sunset: number;
}

/**
 * Computes the weeks after the last purchase in which a share `q` (0 to 1) of such customers would buy again, if all of
 * them were alive. At the last purchase the rate is distributed as Gamma(r + x, α + t_x), so the next gap follows a
 * Lomax distribution, and this is its quantile.
 */
export function computeOverdueWeeks({ r, alpha }: BuyingParams, x: number, tx: number, q: number): number {
  return Math.min(MAX_WEEKS, (alpha + tx) * (pow(1 - q, -1 / (r + x)) - 1));
}

/**
 * Computes a customer's rhythm.
 * - Overdue: the 80 % quantile of the gap, but at most half of the time to lapsed, so that a reminder comes well before
 *   the win-back.
 * - Lapsed: the 95 % quantile, or when P(alive) falls below ½, but not before the 50 % quantile. Otherwise, where most
 *   customers never return, a new buyer would be lapsed at once.
 * - Sunset: when P(alive) falls below 0.1.
 */
export function computeRhythm(params: BuyingParams, x: number, tx: number): BuyingRhythm {
  const likelyGone = silenceUntilAlive(params, x, tx, 0.5);
  const half = computeOverdueWeeks(params, x, tx, 0.5);
  const lapsed = Math.max(half, Math.min(computeOverdueWeeks(params, x, tx, 0.95), likelyGone));
  const overdue = Math.min(computeOverdueWeeks(params, x, tx, 0.8), lapsed / 2);
  const sunset = Math.min(MAX_WEEKS, Math.max(lapsed, silenceUntilAlive(params, x, tx, 0.1)));
  return { overdue, lapsed, sunset };
}
