import type { ArbitrationRecord } from '../../domain/candidate.ts';
import type { ActionDef } from '../../domain/definition.ts';
import { actionOfArm } from '../model/arm-id.ts';
import { computeBelief, computeExpectation } from '../model/belief.ts';
import { findVectorFault } from '../model/fold-deltas.ts';
import { baselineArmId, hashRewardKind } from '../model/reward-kind.ts';
import type { ServedModel } from '../model/served-model.ts';
import { DO_NOTHING } from '../model/snapshot.ts';
import type { LoggedDecision } from './logged-decision.ts';

/** What was awaited of one arm, as far as it is known. */
interface StoredReward {
  arm: string;
  /** `open`, `counted`, or why it never will be. */
  state: string;
  reward: number | null;
}

/** An arbitration as it was, beside what another policy would have made of it. */
export interface ReplayedArbitration {
  customer: string;
  /** Where the customer stood in the whole life. */
  segment: string | null;
  logged: ArbitrationRecord;
  /** Null: no marketing action would have competed, so nothing would have been done. */
  target: ArbitrationRecord | null;
  /** The model that decided; null where rules did. */
  model: ServedModel | null;
  rewards: readonly StoredReward[];
  /** An action as it was, and as it would be: of arms that only the other policy has. */
  before(id: string): ActionDef | undefined;
  after(id: string): ActionDef | undefined;
}

/** Why a decision is in no estimate. */
export type ExclusionReason =
  /** Its window isn't over. */
  | 'open'
  /** Its actions are after different things: no number is common to them. */
  | 'several_rewards'
  /** Nothing shows whether it was right. */
  | 'no_reward'
  /** The reward will never be known: what was chosen was never sent, or the reward couldn't be read. */
  | 'unknown_reward';

export type Counterfactual =
  | {
      /** Of the reward (reward-kind.ts): only what is after the same thing can be compared. */
      kind: string;
      /** Whether it is an amount, in minor units. */
      money: boolean;
      decision: LoggedDecision;
      /** Share of doing something, as it was and as it would be. */
      contacts: { logged: number; target: number };
      /** Whether the other policy is the same here. */
      same: boolean;
    }
  | { leftOut: ExclusionReason };

/** One row of the off-policy evaluation: both distributions over all arms, what came, and what the model expected. */
export function buildCounterfactual(one: ReplayedArbitration): Counterfactual {
  const { logged, target, rewards } = one;
  const to = distributionOf(target ?? { arms: [DO_NOTHING], distribution: [1] });
  const from = distributionOf(logged);
  const arms = [...new Set([...from.keys(), ...to.keys()])];
  const rewarded = arms
    .filter((arm) => arm !== DO_NOTHING)
    .map((arm) => (from.has(arm) ? one.before : one.after)(actionOfArm(arm))?.reward ?? null);
  const kinds = new Set(rewarded.map(hashRewardKind));
  const [kind] = kinds;
  if (kinds.size > 1) return { leftOut: 'several_rewards' };
  if (kind === undefined || kind === 'none') return { leftOut: 'no_reward' };
  const [reward = null] = rewarded;
  const learning = (arm: string) => (arm === DO_NOTHING ? baselineArmId(reward) : arm);
  const known = rewards.find(({ arm }) => arm === learning(logged.chosen));
  if (known?.state === 'open') return { leftOut: 'open' };
  if (known?.state !== 'counted' || known.reward === null) return { leftOut: 'unknown_reward' };
  const same = arms.every((arm) => from.get(arm) === to.get(arm));
  // Any prediction is as good where nothing changes; with this one the row adds nothing to the difference, not even noise.
  const predict = same ? () => 0 : predictor(one.model, logged.features);
  const acts = (shares: Map<string, number>) => 1 - (shares.get(DO_NOTHING) ?? 0);
  return {
    kind,
    money: (reward?.amount ?? null) !== null,
    contacts: { logged: acts(from), target: acts(to) },
    same,
    decision: {
      customer: one.customer,
      segment: one.segment,
      chosen: logged.chosen,
      reward: known.reward,
      arms: arms.map((id) => ({
        id,
        logged: from.get(id) ?? 0,
        target: to.get(id) ?? 0,
        ...(predict ? { predicted: predict(learning(id)) } : {}),
      })),
    },
  };
}

function distributionOf({
  arms,
  distribution,
}: Pick<ArbitrationRecord, 'arms' | 'distribution'>): Map<string, number> {
  return new Map(arms.map((arm, i) => [arm, distribution[i] as number]));
}

/**
 * What the model of then expected of an arm: it hadn't seen what came, so that the doubly robust estimate may lean on
 * it. Null without a model of these features.
 */
function predictor(model: ServedModel | null, x: number[]): ((arm: string) => number) | null {
  if (!model || findVectorFault(x, model.size)) return null;
  return (arm) => {
    const served = model.arms.get(arm) ?? model.unknownArm;
    return computeExpectation(served, computeBelief(served, x));
  };
}
