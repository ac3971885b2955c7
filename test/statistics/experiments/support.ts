import type { RandomStream } from '../../../src/maths/stream.ts';

/** Draws a binomial number: the successes of `n` trials with probability `p`. */
export function binomial(draw: RandomStream, n: number, p: number): number {
  let events = 0;
  for (let i = 0; i < n; i++) if (draw.uniform() < p) events++;
  return events;
}

/** Largest distance of the numbers from a uniform distribution over 0…1, times √n: beyond 1.95 in one of 1000. */
export function kolmogorovSmirnov(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const n = sorted.length;
  const distance = Math.max(...sorted.map((x, i) => Math.max((i + 1) / n - x, x - i / n)));
  return Math.sqrt(n) * distance;
}
