/**
 * Picks the index whose cumulative share contains `u`.
 * @param shares sum to 1, except for rounding; a rounding gap at the end belongs to the last share above 0
 * @param u in [0, 1)
 */
export function drawIndex(shares: ArrayLike<number>, u: number): number {
  let sum = 0;
  let last = 0;
  for (let i = 0; i < shares.length; i++) {
    const share = shares[i] as number;
    if (share <= 0) continue;
    sum += share;
    last = i;
    if (u < sum) return i;
  }
  return last;
}
