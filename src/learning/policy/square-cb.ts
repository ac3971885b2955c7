/** How greedy: the larger, the rarer is anything but the best. */
const GAMMA = 1500;

/**
 * SquareCB (Foster, Rakhlin 2020): an option's probability falls with its distance from the best one, the best takes
 * the rest. `scale` is what a score of 1 is worth, so that distances are compared as probabilities. O(options).
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
