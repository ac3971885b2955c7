import { pow } from '../../../maths/elementary.ts';
import type { BuyingParams } from '../types.ts';
import { silenceUntilAlive } from './buying.ts';

/** Weeks; ten years stand for ever. */
const LONGEST = 520;

/** Weeks of silence after the last purchase: when a customer is late, to be won back, not to be written to any more. */
export interface BuyingRhythm {
  overdue: number;
  lapsed: number;
  sunset: number;
}

/**
 * Weeks since the last purchase after which a share `q` (0 to 1) of such customers would have bought again, were they
 * all still alive. At the last purchase the rate is Gamma(r + x, α + t_x), so the gap that follows is Lomax.
 */
export function computeOverdueWeeks({ r, alpha }: BuyingParams, x: number, tx: number, q: number): number {
  return Math.min(LONGEST, (alpha + tx) * (pow(1 - q, -1 / (r + x)) - 1));
}

/**
 * Overdue at the 80 % gap. Lapsed at the 95 % gap, or once the customer is more likely gone than not, but not
 * before half of the living would have bought: where most never come back, a new buyer would else be lapsed at once.
 * Overdue is no later than half the way to lapsed, since a nudge that comes with the win-back is none. Sunset at one
 * chance in ten of being alive.
 */
export function computeRhythm(params: BuyingParams, x: number, tx: number): BuyingRhythm {
  const likelyGone = silenceUntilAlive(params, x, tx, 0.5);
  const half = computeOverdueWeeks(params, x, tx, 0.5);
  const lapsed = Math.max(half, Math.min(computeOverdueWeeks(params, x, tx, 0.95), likelyGone));
  const overdue = Math.min(computeOverdueWeeks(params, x, tx, 0.8), lapsed / 2);
  const sunset = Math.min(LONGEST, Math.max(lapsed, silenceUntilAlive(params, x, tx, 0.1)));
  return { overdue, lapsed, sunset };
}
