import type { Ranks } from './types.ts';

/** A population as its quantiles 0, 1/n, … 1, so that anybody can be ranked in it later. NaN is nobody's value. */
export function computeRanks(values: readonly number[], n = 100): Ranks {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  if (sorted.length === 0) return [];
  return Array.from({ length: n + 1 }, (_, i) => {
    const position = (i * (sorted.length - 1)) / n;
    const below = Math.floor(position);
    const low = sorted[below] as number;
    const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
    return low + (high - low) * (position - below);
  });
}

/**
 * Where a value stands in the population, 0 to 1; it never falls when the value rises. Equal values share the middle
 * of their ranks. In an empty population everybody stands in the middle.
 */
export function findRank(value: number, ranks: Ranks): number {
  if (ranks.length < 2 || Number.isNaN(value)) return 0.5;
  const last = ranks.length - 1;
  const below = firstWhere(ranks, (at) => at >= value);
  const above = firstWhere(ranks, (at) => at > value);
  if (above > below) return (below + above - 1) / 2 / last;
  if (below === 0) return 0;
  if (below > last) return 1;
  const low = ranks[below - 1] as number;
  const high = ranks[below] as number;
  return (below - 1 + (value - low) / (high - low)) / last;
}

/** Index of the first element for which it holds, in a list where it holds from somewhere on; the length if for none. */
function firstWhere(sorted: readonly number[], holds: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}
