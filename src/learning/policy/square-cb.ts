/** Greediness: the larger it is, the rarer are options other than the best. */
const GAMMA = 1500;

/**
 * SquareCB (Foster and Rakhlin, "Beyond UCB", 2020), by inverse gap weighting: an option has the probability
 * 1 / (options + γ · gap), where gap is its distance from the best score, and the best option has the rest. O(options).
 * @param scale money of one unit of reward, so that gaps are compared as probabilities
 */
export function computeInverseGapShares(
  scores: ArrayLike<number>,
  scale: number,
  gamma = GAMMA,
): Float64Array {
  const count = scores.length;
  let best = 0;
  for (let i = 1; i < count; i++) if ((scores[i] as number) > (scores[best] as number)) best = i;
  const shares = new Float64Array(count);
  let rest = 1;
  for (let i = 0; i < count; i++) {
    if (i === best) continue;
    const gap = ((scores[best] as number) - (scores[i] as number)) / scale;
    const share = 1 / (count + gamma * gap);
    shares[i] = share;
    rest -= share;
  }
  shares[best] = rest;
  return shares;
}
