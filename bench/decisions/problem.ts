import { log, logistic } from '../../src/decisioning/maths/elementary.ts';
import { stream } from '../../src/decisioning/maths/stream.ts';

/**
 * A world with a known truth: customers come one a round, with features; each of ten arms has its own chance of a
 * reward with each of them. `shift`: half-way each arm takes over the next one's chances.
 */
export interface Problem {
  rounds: number;
  arms: number;
  /** The features of round t: 1, four normals clipped to ±3, five zeros or ones. */
  features(t: number): number[];
  chance(t: number, arm: number): number;
  rewarded(t: number, arm: number): boolean;
  /** Rounds until a reward of round t shows. */
  delay(t: number): number;
}

export const ROUNDS = 20_000;
const ARMS = 10;
const FEATURES = 10;

export function makeProblem(seed: number, kind: 'still' | 'shift', rounds = ROUNDS): Problem {
  const world = stream(`problem ${seed}`);
  const weight = world.fork('weights').normal;
  const weights = Array.from({ length: ARMS }, () =>
    Array.from({ length: FEATURES }, (_, i) => (i === 0 ? -3.6 + 0.4 * weight() : 0.6 * weight())),
  );
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
    const its = weights[(arm + moved) % ARMS] as number[];
    return logistic(features(t).reduce((sum, value, i) => sum + value * (its[i] as number), 0));
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
