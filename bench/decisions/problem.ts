import { readFileSync } from 'node:fs';
import { log, logistic } from '../../src/maths/elementary.ts';
import { createStream, type RandomStream } from '../../src/maths/stream.ts';

/**
 * A simulated world: one customer per round, with features; each of ten arms has its own reward probability for each
 * customer. `shift`: half-way each arm takes over the probabilities of the next one.
 */
export interface SimulatedWorld {
  rounds: number;
  arms: number;
  /** The features of round t: 1, four normals clipped to ±3, five zeros or ones. */
  features(t: number): number[];
  chance(t: number, arm: number): number;
  rewarded(t: number, arm: number): boolean;
  /** Rounds until the reward of round t is observed. */
  delay(t: number): number;
}

/**
 * Weights of the arms, world by world: ten of ten, the constant's first. They are those of NumPy's `default_rng(1000 +
 * seed)`, after it has drawn 20,000 × 4 normals and 20,000 × 5 uniforms for the customers: normal(0, 0.6, (10, 10)), then
 * normal(−3.6, 0.4, 10) for the constants, rounded to four digits. Customers and luck are drawn here. Seeds beyond these
 * have weights of our own drawing, from the same distributions.
 */
const WORLDS: number[][][] = JSON.parse(readFileSync(new URL('worlds.json', import.meta.url), 'utf8'));

export const ROUNDS = 20_000;
const ARMS = 10;
const FEATURES = 10;

export function createWorld(seed: number, kind: 'still' | 'shift', rounds = ROUNDS): SimulatedWorld {
  const world = createStream(`problem ${seed}`);
  const weights = WORLDS[seed] ?? ownWeights(world.fork('weights'));
  const customer = world.fork('customers');
  const customers = Array.from({ length: rounds }, () =>
    Array.from({ length: FEATURES }, (_, i) => {
      if (i === 0) return 1;
      if (i < 5) return Math.max(-3, Math.min(3, customer.normal()));
      return customer.uniform() < 0.4 ? 1 : 0;
    }),
  );
  const luck = world.fork('luck').uniform;
  const luckOf = Array.from({ length: rounds }, luck);
  const late = world.fork('delays').uniform;
  const delays = Array.from({ length: rounds }, () => -500 * log(1 - late()));

  const features = (t: number) => customers[t] as number[];
  const chance = (t: number, arm: number) => {
    const moved = kind === 'shift' && t >= rounds / 2 ? 1 : 0;
    const armWeights = weights[(arm + moved) % ARMS] as number[];
    return logistic(features(t).reduce((sum, value, i) => sum + value * (armWeights[i] as number), 0));
  };
  return {
    rounds,
    arms: ARMS,
    features,
    chance,
    rewarded: (t, arm) => (luckOf[t] as number) < chance(t, arm),
    delay: (t) => delays[t] as number,
  };
}

function ownWeights({ normal }: RandomStream): number[][] {
  return Array.from({ length: ARMS }, () =>
    Array.from({ length: FEATURES }, (_, i) => (i === 0 ? -3.6 + 0.4 * normal() : 0.6 * normal())),
  );
}
