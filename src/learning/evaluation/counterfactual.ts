import type { ArbitrationRecord } from '../../domain/candidate.ts';
import type { ActionDef } from '../../domain/definition.ts';
import { actionOfArm } from '../model/arm-id.ts';
import { computeBelief, computeExpectation } from '../model/belief.ts';
import { findVectorFault } from '../model/fold-deltas.ts';
import { baselineArmId, hashRewardKind } from '../model/reward-kind.ts';
import type { ServedModel } from '../model/served-model.ts';
import { DO_NOTHING } from '../model/snapshot.ts';
import type { LoggedDecision } from './logged-decision.ts';

/** The reward of one arm of a decision, as stored. */
interface StoredReward {
  arm: string;
  /** `open`, `counted`, or the reason why it will never be counted. */
  state: string;
  reward: number | null;
}

/** A logged arbitration, with the arbitration of another policy for the same decision. */
export interface ReplayedArbitration {
  customer: string;
  /** The customer's stage at the time. */
  segment: string | null;
  logged: ArbitrationRecord;
  /** Null: no marketing action would have competed, so the other policy would have done nothing. */
  target: ArbitrationRecord | null;
  /** The model that decided; null if the rules decided. */
  model: ServedModel | null;
  rewards: readonly StoredReward[];
  /** Finds an action in the logged bundle (`before`), and in the other policy's bundle for arms that only it has. */
  before(id: string): ActionDef | undefined;
  after(id: string): ActionDef | undefined;
}

/** Why a decision is left out of all estimates. */
export type ExclusionReason =
  /** The window of its reward is still open. */
  | 'open'
  /** Its actions have different rewards, which can't be compared. */
  | 'several_rewards'
  /** None of its actions has a reward. */
  | 'no_reward'
  /** The reward will never be known: the chosen action was never sent, or the reward couldn't be read. */
  | 'unknown_reward';

export type Counterfactual =
  | {
      /** Kind of the reward (model/reward-kind.ts): only decisions with the same kind can be compared. */
      kind: string;
      /** Whether the reward is an amount, in minor units. */
      money: boolean;
      decision: LoggedDecision;
      /** Probability of a contact, as logged and under the other policy. */
      contacts: { logged: number; target: number };
      /** Whether both policies have the same distribution here. */
      same: boolean;
    }
  | { leftOut: ExclusionReason };

/**
 * Builds one row of the off-policy evaluation: both distributions over all arms, the reward, and the model's predictions.
 */
export function buildCounterfactual(replayed: ReplayedArbitration): Counterfactual {
  const { logged, target, rewards } = replayed;
  const to = mapDistribution(target ?? { arms: [DO_NOTHING], distribution: [1] });
  const from = mapDistribution(logged);
  const arms = [...new Set([...from.keys(), ...to.keys()])];
  const definitions = arms
    .filter((arm) => arm !== DO_NOTHING)
    .map((arm) => (from.has(arm) ? replayed.before : replayed.after)(actionOfArm(arm))?.reward ?? null);
  const kinds = new Set(definitions.map(hashRewardKind));
  const [kind] = kinds;
  if (kinds.size > 1) return { leftOut: 'several_rewards' };
  if (kind === undefined || kind === 'none') return { leftOut: 'no_reward' };
  const [reward = null] = definitions;
  const findLearningArm = (arm: string) => (arm === DO_NOTHING ? baselineArmId(reward) : arm);
  const stored = rewards.find(({ arm }) => arm === findLearningArm(logged.chosen));
  if (stored?.state === 'open') return { leftOut: 'open' };
  if (stored?.state !== 'counted' || stored.reward === null) return { leftOut: 'unknown_reward' };
  const same = arms.every((arm) => from.get(arm) === to.get(arm));
  // If both policies are equal here, any prediction is valid; with 0 the row adds no noise to the difference.
  const predict = same ? () => 0 : createPredictor(replayed.model, logged.features);
  const computeContactShare = (shares: Map<string, number>) => 1 - (shares.get(DO_NOTHING) ?? 0);
  return {
    kind,
    money: (reward?.amount ?? null) !== null,
    contacts: { logged: computeContactShare(from), target: computeContactShare(to) },
    same,
    decision: {
      customer: replayed.customer,
      segment: replayed.segment,
      chosen: logged.chosen,
      reward: stored.reward,
      arms: arms.map((id) => ({
        id,
        logged: from.get(id) ?? 0,
        target: to.get(id) ?? 0,
        ...(predict ? { predicted: predict(findLearningArm(id)) } : {}),
      })),
    },
  };
}

function mapDistribution({
  arms,
  distribution,
}: Pick<ArbitrationRecord, 'arms' | 'distribution'>): Map<string, number> {
  return new Map(arms.map((arm, i) => [arm, distribution[i] as number]));
}

/**
 * Predicts rewards with the model that decided. It hadn't learned from the decision's outcome, so the doubly robust
 * estimate may use it. Null without a model for these features.
 */
function createPredictor(model: ServedModel | null, x: number[]): ((arm: string) => number) | null {
  if (!model || findVectorFault(x, model.size)) return null;
  return (arm) => {
    const served = model.arms.get(arm) ?? model.unknownArm;
    return computeExpectation(served, computeBelief(served, x));
  };
}
