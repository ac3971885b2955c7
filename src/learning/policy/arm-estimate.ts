import { digestText } from '../../maths/digest.ts';
import type { Block } from '../../maths/philox.ts';
import { type Belief, computeBelief, computeExpectation, computePriorBelief } from '../model/belief.ts';
import type { ServedModel } from '../model/served-model.ts';

/** What is believed of an arm for one customer, ready to be imagined (thompson.ts). */
export interface ArmEstimate {
  /** Digest of its id: equal tags have equal luck. */
  tag: Block;
  belief: Belief;
  /** Whether its reward is a probability rather than an amount. */
  binary: boolean;
  expected: number;
  evidence: number;
  /** Whether the model knows it. */
  hasEvidence: boolean;
}

/** The belief about an arm; about one that the model doesn't know, as about `like` before it saw anything. */
export type EstimateArm = (id: string, like: string) => ArmEstimate;

/** Asks each arm once. An arm and its baseline begin like each other, so that their rewards are of one kind. */
export function createArmEstimator(model: ServedModel, x: ArrayLike<number>): EstimateArm {
  const asked = new Map<string, ArmEstimate>();
  return (id, like) => {
    const before = asked.get(id);
    if (before) return before;
    const its = imagined(model, x, id, like);
    asked.set(id, its);
    return its;
  };
}

function imagined(model: ServedModel, x: ArrayLike<number>, id: string, like: string): ArmEstimate {
  const arm = model.arms.get(id);
  const kin = arm ?? model.arms.get(like) ?? model.unknownArm;
  const belief = arm ? computeBelief(arm, x) : computePriorBelief(kin.prior, x);
  return {
    tag: arm ? arm.tag : digestText(new Uint32Array(4), id),
    belief,
    binary: kin.likelihood.kind === 'binary',
    expected: computeExpectation(kin, belief),
    evidence: arm ? arm.evidence : 0,
    hasEvidence: arm !== undefined,
  };
}
