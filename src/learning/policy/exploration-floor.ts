/** No option is rarer than this, so that what was logged can judge another policy (evaluation/). */
export const MIN_PROPENSITY = 0.005;
/** Of many options the floor takes no more than this in all. */
const MOST_IN_ALL = 0.2;

/**
 * Lifts shares that sum to 1 so that each is at least min(least, 0.2 / options). Only who is above gives, in proportion
 * to what it has above: mixing in the uniform would guarantee the same, and explore more than is needed for it.
 */
export function applyExplorationFloor(shares: Float64Array, least = MIN_PROPENSITY): Float64Array {
  const floor = Math.min(least, MOST_IN_ALL / shares.length);
  const result = new Float64Array(shares.length);
  let above = 0;
  for (let i = 0; i < shares.length; i++) {
    result[i] = Math.max(0, (shares[i] as number) - floor);
    above += result[i] as number;
  }
  const factor = (1 - floor * shares.length) / above;
  for (let i = 0; i < shares.length; i++) result[i] = floor + factor * (result[i] as number);
  return result;
}
