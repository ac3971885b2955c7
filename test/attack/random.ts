import { createStream } from '../../src/maths/stream.ts';

/** Random choices that a seed repeats. */
export interface Random {
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Independent choices: they depend on the seed and the name, not on what was chosen before. */
  fork(name: string): Random;
}

export function createRandom(seed: number): Random {
  return choose(createStream(`attack ${seed}`));
}

function choose(stream: ReturnType<typeof createStream>): Random {
  const between = (low: number, high: number) => low + Math.floor(stream.uniform() * (high - low + 1));
  return {
    between,
    chance: (probability) => stream.uniform() < probability,
    pick: <T>(items: readonly T[]) => items[between(0, items.length - 1)] as T,
    fork: (name) => choose(stream.fork(name)),
  };
}
