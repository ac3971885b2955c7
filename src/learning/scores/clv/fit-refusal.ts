import type { FitRefusal, FitResult } from '../types.ts';

/** The search for log parameters is limited to −SEARCH_LIMIT…SEARCH_LIMIT. */
export const SEARCH_LIMIT = 15;
/** Standard deviation of the prior on each log parameter: factors up to e^10 are still likely. */
const PRIOR_SD = 10;

/** Computes the log density of the normal prior on log parameters, up to a constant. */
export function computeLogPrior(at: readonly number[]): number {
  let sum = 0;
  for (const coordinate of at) sum -= (coordinate * coordinate) / (2 * PRIOR_SD * PRIOR_SD);
  return sum;
}

export function refuseFit<Params>(reason: FitRefusal, message: string): FitResult<Params> {
  return { ok: false, reason, message };
}
