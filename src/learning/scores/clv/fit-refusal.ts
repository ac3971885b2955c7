import type { FitRefusal, FitResult } from '../types.ts';

/** Log parameters are sought between −EDGE and EDGE. */
export const SEARCH_LIMIT = 15;
/** Standard deviation of the prior on each log parameter: e^10 either way is still likely. */
const PRIOR_SD = 10;

/** Normal prior on log parameters, up to a constant. */
export function computeLogPrior(at: readonly number[]): number {
  let sum = 0;
  for (const coordinate of at) sum -= (coordinate * coordinate) / (2 * PRIOR_SD * PRIOR_SD);
  return sum;
}

export function refuseFit<Params>(reason: FitRefusal, say: string): FitResult<Params> {
  return { ok: false, reason, message: say };
}
