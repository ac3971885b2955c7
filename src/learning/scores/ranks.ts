import type { Ranks } from './types.ts';

/** Summarises a population by its quantiles 0, 1/n, … 1, so that a value can be ranked in it later. NaN is ignored. */
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
 * The rank of a value in the population, 0 to 1, which never falls when the value rises. Equal values share the middle
 * of their ranks. In an empty population every value has the rank 0.5.
 */
export function findRank(value: number, ranks: Ranks): number {
  if (ranks.length < 2 || Number.isNaN(value)) return 0.5;
  const last = ranks.length - 1;
  const below = findFirst(ranks, (at) => at >= value);
  const above = findFirst(ranks, (at) => at > value);
  if (above > below) return (below + above - 1) / 2 / last;
  if (below === 0) return 0;
  if (below > last) return 1;
  const low = ranks[below - 1] as number;
  const high = ranks[below] as number;
  return (below - 1 + (value - low) / (high - low)) / last;
}

/**
 * Binary search: the index of the first element that matches, in a list whose matching elements are all at the end. The
 * length if none matches.
 */
function findFirst(sorted: readonly number[], matches: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (matches(sorted[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}
