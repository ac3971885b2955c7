import type { Fitted, Refusal } from '../types.ts';

/** Log parameters are sought between −EDGE and EDGE. */
export const EDGE = 15;
/** Standard deviation of the prior on each log parameter: e^10 either way is still likely. */
const PRIOR_SD = 10;

/** Normal prior on log parameters, up to a constant. */
export function logPrior(at: readonly number[]): number {
  let sum = 0;
  for (const coordinate of at) sum -= (coordinate * coordinate) / (2 * PRIOR_SD * PRIOR_SD);
  return sum;
}

export function refused<Params>(reason: Refusal, say: string): Fitted<Params> {
  return { ok: false, reason, say };
}
