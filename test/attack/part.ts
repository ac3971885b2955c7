import type { Random } from './random.ts';
import type { Tally } from './tally.ts';
import type { Target } from './target.ts';

export interface PartContext {
  target: Target;
  tally: Tally;
  random: Random;
  /** For how long a part goes on that tries as much as it can. */
  seconds: number;
  /** Fewer inputs, for `npm test`. */
  short: boolean;
}

/** One kind of attack. */
export interface Part {
  name: string;
  what: string;
  /** Its share of the time that all parts have; null if it takes as long as it takes. */
  share: number | null;
  run(context: PartContext): Promise<void>;
}

const WIDTH = 6;
/** Of calls that compile bundles: more of one workspace may not wait. */
export const COMPILING_WIDTH = 3;

/** Runs work over items, some at a time. */
export async function forEachOf<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
  width = WIDTH,
) {
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < items.length; index = next++) await work(items[index] as T, index);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

/** Repeats work with a number, some at a time, until the part's time has come. Each number has choices of its own. */
export async function repeatUntil(
  { seconds, random }: Pick<PartContext, 'seconds' | 'random'>,
  work: (random: Random, index: number) => Promise<void>,
  width = WIDTH,
) {
  const until = performance.now() + seconds * 1_000;
  let next = 0;
  const lane = async () => {
    while (performance.now() < until) {
      const index = next++;
      await work(random.fork(String(index)), index);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
}
