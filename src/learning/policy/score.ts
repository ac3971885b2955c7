import type { ScoreParts } from '../../domain/candidate.ts';
import type { ArbitrationDef, FactorName } from '../../domain/definition.ts';
import type { ArmEstimate, EstimateArm } from './arm-estimate.ts';
import type { ArbitrationOption } from './option.ts';

/** Each factor can be left out; then it counts as 1, or as 0 where it is subtracted. */
export type EnabledFactors = Record<FactorName, boolean>;

export const ALL_FACTORS: EnabledFactors = {
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
  /** The arm that learns what its reward comes to when nothing is done (reward-kind.ts); null: it can't come then. */
  baseline: string | null;
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

export interface ScoreSettings {
  mode: ArbitrationDef['mode'];
  factors: EnabledFactors;
  fatigueWeight: number;
}

/** Without propensity an action is taken to work for certain. */
const CERTAIN: ArmEstimate = {
  tag: new Uint32Array(4),
  belief: { mean: 1, spread: 0 },
  binary: false,
  expected: 1,
  evidence: 0,
  hasEvidence: false,
};

/** An action as an option, with the parts of its score. `believe` is asked for its arm and for its baseline. */
export function scoreContestant(
  contestant: Contestant,
  { mode, factors, fatigueWeight }: ScoreSettings,
  believe: EstimateArm,
): { option: ArbitrationOption; parts: ScoreParts } {
  const { id, baseline } = contestant;
  const arm = factors.propensity ? believe(id, baseline ?? id) : CERTAIN;
  const subtracts = mode === 'uplift' && factors.propensity && baseline !== null;
  const nothing = subtracts ? believe(baseline, id) : null;
  const without = nothing?.binary === arm.binary ? nothing : null;
  const value = factors.value ? contestant.value : 1;
  const context = factors.context ? within(0.25, contestant.context, 4) : 1;
  const lever = factors.lever ? within(0.5, contestant.lever, 2) : 1;
  const cost = factors.cost ? contestant.cost : 0;
  const fatigue = factors.fatigue ? fatigueWeight * contestant.fatigue : 0;
  const { expected, evidence, hasEvidence: known } = arm;
  const withoutIt = without ? without.expected : 0;
  return {
    option: { id, arm, baseline: without, stake: value * context * lever, deduction: cost + fatigue },
    parts: {
      expected,
      baseline: withoutIt,
      value,
      context,
      lever,
      cost,
      fatigue,
      evidence,
      hasEvidence: known,
    },
  };
}

export function sumScore({
  expected,
  baseline: withoutIt,
  value,
  context,
  lever,
  cost,
  fatigue,
}: ScoreParts): number {
  return value * context * lever * (expected - withoutIt) - cost - fatigue;
}

function within(least: number, value: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
