/** The middle of some numbers; of an even count the mean of the two in the middle. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** The smallest value that at least `share` (0 to 1) of them don't exceed. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** One value of ours and one of the floor's, measured right after each other. */
export interface Pair {
  ours: number;
  floor: number;
}

/**
 * Three medians over rounds. The ratio's is that of the rounds' ratios, since what disturbs this machine for a minute
 * disturbs both sides of a round.
 */
export function summarize(rounds: Pair[]): { ours: number; floor: number; ratio: number } {
  return {
    ours: median(rounds.map((round) => round.ours)),
    floor: median(rounds.map((round) => round.floor)),
    ratio: median(rounds.map((round) => round.ours / round.floor)),
  };
}

/**
 * Measures round after round, and after the second stops when the time is up: on a machine that is busy with other
 * things fewer rounds are worth more than a bench that doesn't end.
 */
export async function runRounds<T>(count: number, budgetMs: number, measure: () => Promise<T>): Promise<T[]> {
  const began = Date.now();
  const measured: T[] = [];
  while (measured.length < count && (measured.length < 2 || Date.now() - began < budgetMs))
    measured.push(await measure());
  return measured;
}
