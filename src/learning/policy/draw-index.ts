/** The index that u in [0, 1) falls upon, of shares that sum to 1. What rounding leaves over is the last one's. */
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
