import type { ScoreParts } from '../../domain/candidate.ts';
import type { ArbitrationDef, FactorName } from '../../domain/definition.ts';
import type { ArmEstimate, EstimateArm } from './arm-estimate.ts';
import type { ArbitrationOption } from './option.ts';

/** Which factors of the score are used. A disabled factor counts as 1, or as 0 where it is subtracted. */
export type EnabledFactors = Record<FactorName, boolean>;

export const ALL_FACTORS: EnabledFactors = {
  propensity: true,
  value: true,
  context: true,
  lever: true,
  cost: true,
  fatigue: true,
};

/** An action that passed its gates. All money is in one unit. */
export interface Contestant {
  id: string;
  /**
   * The arm that learns how often the action's reward comes when nothing is done (model/reward-kind.ts). Null: the
   * reward can't come by itself.
   */
  baseline: string | null;
  /** Money per reward; 1 where the reward is an amount itself. */
  value: number;
  cost: number;
  /** Weight of the situation, clamped to 0.25…4. */
  context: number;
  /** Weight set by the business, clamped to 0.5…2. */
  lever: number;
  /** Contact fatigue of the customer, from 0 up; `fatigueWeight` converts it into money. */
  fatigue: number;
  /** For the rules policy: the higher priority first, then the lower `order`. */
  priority: number;
  order: number;
}

export interface ScoreSettings {
  mode: ArbitrationDef['mode'];
  factors: EnabledFactors;
  fatigueWeight: number;
}

/** Stands in for the estimate when propensity is disabled: the action is assumed to work for certain. */
const CERTAIN: ArmEstimate = {
  tag: new Uint32Array(4),
  belief: { mean: 1, spread: 0 },
  binary: false,
  expected: 1,
  evidence: 0,
  hasEvidence: false,
};

/** Turns an action into an option with the parts of its score. Calls `estimateArm` for its arm and its baseline. */
export function scoreContestant(
  contestant: Contestant,
  { mode, factors, fatigueWeight }: ScoreSettings,
  estimateArm: EstimateArm,
): { option: ArbitrationOption; parts: ScoreParts } {
  const { id, baseline: baselineId } = contestant;
  const arm = factors.propensity ? estimateArm(id, baselineId ?? id) : CERTAIN;
  const usesBaseline = mode === 'uplift' && factors.propensity && baselineId !== null;
  const estimated = usesBaseline ? estimateArm(baselineId, id) : null;
  // A probability and an amount can't be subtracted from each other.
  const baseline = estimated?.binary === arm.binary ? estimated : null;
  const value = factors.value ? contestant.value : 1;
  const context = factors.context ? clamp(0.25, contestant.context, 4) : 1;
  const lever = factors.lever ? clamp(0.5, contestant.lever, 2) : 1;
  const cost = factors.cost ? contestant.cost : 0;
  const fatigue = factors.fatigue ? fatigueWeight * contestant.fatigue : 0;
  const { expected, evidence, hasEvidence } = arm;
  return {
    option: { id, arm, baseline, stake: value * context * lever, deduction: cost + fatigue },
    parts: {
      expected,
      baseline: baseline ? baseline.expected : 0,
      value,
      context,
      lever,
      cost,
      fatigue,
      evidence,
      hasEvidence,
    },
  };
}

/** Score in money: value × context × lever × (expected − baseline) − cost − fatigue. */
export function sumScore(parts: ScoreParts): number {
  const { expected, baseline, value, context, lever, cost, fatigue } = parts;
  return value * context * lever * (expected - baseline) - cost - fatigue;
}

function clamp(min: number, value: number, max: number): number {
  return Math.max(min, Math.min(max, value));
}
