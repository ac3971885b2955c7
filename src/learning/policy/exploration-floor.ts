/** The smallest probability of an option, so that the log can be used to evaluate another policy (evaluation/). */
export const MIN_PROPENSITY = 0.005;
/** With many options, the floor takes at most this share in total. */
const MAX_FLOOR_SHARE = 0.2;

/**
 * Raises shares that sum to 1 to at least min(minPropensity, 0.2 / number of options). Shares above the floor are
 * reduced in proportion to what they have above it. Mixing in the uniform distribution would give the same guarantee,
 * but would explore more than the guarantee needs.
 */
export function applyExplorationFloor(shares: Float64Array, minPropensity = MIN_PROPENSITY): Float64Array {
  const floor = Math.min(minPropensity, MAX_FLOOR_SHARE / shares.length);
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
