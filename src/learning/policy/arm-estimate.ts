import { digestText } from '../../maths/digest.ts';
import type { Block } from '../../maths/philox.ts';
import { type Belief, computeBelief, computeExpectation, computePriorBelief } from '../model/belief.ts';
import type { ServedModel } from '../model/served-model.ts';

/** The model's belief about one arm for one customer, ready to be sampled (thompson.ts). */
export interface ArmEstimate {
  /** Digest of the arm's id. It selects the arm's random numbers, so equal tags draw equal numbers. */
  tag: Block;
  belief: Belief;
  /** Whether the reward is a probability rather than an amount. */
  binary: boolean;
  /** The probability of a reward, or the expected amount. */
  expected: number;
  /** Effective number of observations behind the estimate. */
  evidence: number;
  /** Whether the model contains the arm. */
  hasEvidence: boolean;
}

/**
 * Estimates the arm `id`. An arm that the model doesn't contain is estimated from the prior of the arm `similarId`,
 * so that an arm and its baseline start with the same kind of reward.
 */
export type EstimateArm = (id: string, similarId: string) => ArmEstimate;

/** Creates an estimator for one feature vector. It computes each arm once. */
export function createArmEstimator(model: ServedModel, features: ArrayLike<number>): EstimateArm {
  const estimates = new Map<string, ArmEstimate>();
  return (id, similarId) => {
    const cached = estimates.get(id);
    if (cached) return cached;
    const estimate = estimateArm(model, features, id, similarId);
    estimates.set(id, estimate);
    return estimate;
  };
}

function estimateArm(
  model: ServedModel,
  features: ArrayLike<number>,
  id: string,
  similarId: string,
): ArmEstimate {
  const arm = model.arms.get(id);
  const source = arm ?? model.arms.get(similarId) ?? model.unknownArm;
  const belief = arm ? computeBelief(arm, features) : computePriorBelief(source.prior, features);
  return {
    tag: arm ? arm.tag : digestText(new Uint32Array(4), id),
    belief,
    binary: source.likelihood.kind === 'binary',
    expected: computeExpectation(source, belief),
    evidence: arm ? arm.evidence : 0,
    hasEvidence: arm !== undefined,
  };
}
