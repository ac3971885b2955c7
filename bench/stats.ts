/** The median; for an even count the mean of the two middle values. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** The smallest value that at least `share` (0 to 1) of the values do not exceed. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** One value of ours and one of the floor, measured immediately after each other. */
export interface Pair {
  ours: number;
  floor: number;
}

/**
 * Computes three medians over rounds. The ratio is the median of the rounds' ratios, because a disturbance of the machine
 * affects both sides of a round.
 */
export function summarize(rounds: Pair[]): { ours: number; floor: number; ratio: number } {
  return {
    ours: median(rounds.map((round) => round.ours)),
    floor: median(rounds.map((round) => round.floor)),
    ratio: median(rounds.map((round) => round.ours / round.floor)),
  };
}

/**
 * Measures up to `count` rounds. After the second round it stops when the time budget is used, so that the bench ends on
 * a busy machine, too.
 */
export async function runRounds<T>(count: number, budgetMs: number, measure: () => Promise<T>): Promise<T[]> {
  const began = Date.now();
  const measured: T[] = [];
  while (measured.length < count && (measured.length < 2 || Date.now() - began < budgetMs))
    measured.push(await measure());
  return measured;
}
