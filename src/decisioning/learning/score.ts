import { NOTHING } from './model.ts';
import type { Option } from './option.ts';
import { beliefOf, expectationOf } from './predict.ts';
import type { Served, ServedArm } from './serve.ts';

/** `uplift`: by what an action adds to doing nothing. `pcvl`: by the reward itself, whoever would have come anyway. */
export type Mode = 'uplift' | 'pcvl';

/** Each factor can be left out; then it counts as 1, or as 0 where it is subtracted. */
export interface Factors {
  propensity: boolean;
  value: boolean;
  context: boolean;
  lever: boolean;
  cost: boolean;
  fatigue: boolean;
}

export const ALL_FACTORS: Factors = {
  propensity: true,
  value: true,
  context: true,
  lever: true,
  cost: true,
  fatigue: true,
};

/** An action that survived its gates. Money in one unit throughout. */
export interface Contestant {
  id: string;
  /** What a reward is worth; 1 where the reward is an amount itself. */
  value: number;
  cost: number;
  /** The situation's weight, kept within 0.25 and 4. */
  context: number;
  /** The business's weight, kept within 0.5 and 2. */
  lever: number;
  /** How worn the customer is, from 0 up; `fatigueWeight` turns it into money. */
  fatigue: number;
  /** For `rules_only`: higher first, then the lower `order`. */
  priority: number;
  order: number;
}

/** A score taken apart: `stake × (expected − withoutIt) − cost − fatigue`. */
export interface Parts {
  /** Expected reward: a probability, or an amount. */
  expected: number;
  /** What is expected when nothing is done; 0 where it isn't subtracted. */
  withoutIt: number;
  value: number;
  context: number;
  lever: number;
  cost: number;
  fatigue: number;
  /** What the arm's evidence is worth, in observations made just now. */
  evidence: number;
  /** Whether the model knows the arm; if not, it is believed to be like any new one. */
  known: boolean;
}

export interface Weighing {
  model: Served;
  x: ArrayLike<number>;
  mode: Mode;
  factors: Factors;
  fatigueWeight: number;
}

/** What nothing is expected to bring. */
export function nothingOf({ model, x, factors }: Weighing): Option {
  const arm = armOf(model, NOTHING);
  return {
    id: NOTHING,
    belief: factors.propensity ? beliefOf(arm, x) : { mean: 0, spread: 0 },
    binary: arm.likelihood.kind === 'binary',
    stake: 0,
    deducted: 0,
  };
}

/** An action as an option, with the parts of its score. */
export function optionOf(
  contestant: Contestant,
  weighing: Weighing,
  nothing: Option,
): { option: Option; parts: Parts } {
  const { model, x, mode, factors, fatigueWeight } = weighing;
  const arm = armOf(model, contestant.id);
  const binary = factors.propensity ? arm.likelihood.kind === 'binary' : false;
  // Without propensity an action is taken to work for certain.
  const belief = factors.propensity ? beliefOf(arm, x) : { mean: 1, spread: 0 };
  const subtracts = mode === 'uplift' && factors.propensity && nothing.binary === binary;
  const value = factors.value ? contestant.value : 1;
  const context = factors.context ? within(0.25, contestant.context, 4) : 1;
  const lever = factors.lever ? within(0.5, contestant.lever, 2) : 1;
  const cost = factors.cost ? contestant.cost : 0;
  const fatigue = factors.fatigue ? fatigueWeight * contestant.fatigue : 0;
  const option = {
    id: contestant.id,
    belief,
    binary,
    stake: value * context * lever,
    deducted: cost + fatigue,
  };
  const expected = factors.propensity ? expectationOf(arm, belief) : 1;
  const withoutIt = subtracts ? expectationOf(armOf(model, NOTHING), nothing.belief) : 0;
  const { evidence } = arm;
  const known = model.arms.has(contestant.id);
  return { option, parts: { expected, withoutIt, value, context, lever, cost, fatigue, evidence, known } };
}

export function scoreOf({ expected, withoutIt, value, context, lever, cost, fatigue }: Parts): number {
  return value * context * lever * (expected - withoutIt) - cost - fatigue;
}

function armOf(model: Served, id: string): ServedArm {
  return model.arms.get(id) ?? model.start;
}

function within(least: number, value: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
