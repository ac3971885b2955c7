import { channelsOf } from '../../../domain/action-channels.ts';
import type { Bundle } from '../../../domain/definition.ts';
import { buildArmId } from '../../../learning/model/arm-id.ts';
import type { ArmStart } from '../../../learning/model/group-prior.ts';
import { baselineArmId, hashRewardKind } from '../../../learning/model/reward-kind.ts';
import { BASE_RATE, createBinaryPrior, createFlatPrior } from '../../../learning/model/snapshot.ts';

/** The definition of an arm, from the bundle. */
export interface ArmDefinition {
  id: string;
  group: string | null;
  /** Kind of the reward that the arm learns from (learning/model/reward-kind.ts). */
  kind: string;
  money: boolean;
}

/** Mean and variance of the amounts of a kind of reward: minor units, and their square. */
export interface AmountSpread {
  mean: number;
  variance: number;
}

/** Lists the arms of a bundle: each action with a reward on each of its channels, and a baseline for each kind of reward. */
export function listArmDefinitions({ actions }: Pick<Bundle, 'actions'>): ArmDefinition[] {
  const arms = new Map<string, ArmDefinition>();
  for (const action of actions) {
    const { reward } = action;
    if (!reward) continue;
    const kind = hashRewardKind(reward);
    const money = reward.amount !== null;
    const group = action.contentGroup ?? action.id;
    for (const channel of channelsOf(action)) {
      const id = buildArmId(action.id, channel);
      arms.set(id, { id, group, kind, money });
    }
    const baseline = baselineArmId(reward);
    arms.set(baseline, { id: baseline, group: null, kind, money });
  }
  return [...arms.values()];
}

/** The prior of an amount weighs as much as this many rewards. */
const PRIOR_WEIGHT = 20;

/** With fewer amounts than this, an assumed spread is used instead of the measured one. */
export const MIN_AMOUNTS = 50;

/**
 * The spread to assume without data: one reward in twenty (`BASE_RATE`) brings the workspace's `valueHalf`, the spend at
 * which the score `value` is ½, and the others nothing.
 */
export function assumeSpread({ workspace }: Pick<Bundle, 'workspace'>): AmountSpread {
  const amount = Math.max(1, workspace.valueHalf);
  return { mean: BASE_RATE * amount, variance: BASE_RATE * amount * amount };
}

/** Builds the starting point of an arm. */
export function buildArmStart(
  { id, group, money }: ArmDefinition,
  size: number,
  spread: AmountSpread,
): ArmStart {
  if (!money) return { id, group, likelihood: { kind: 'binary' }, prior: createBinaryPrior(size) };
  const { mean, variance } = spread;
  const prior = createFlatPrior(size, mean, variance / PRIOR_WEIGHT);
  return { id, group, likelihood: { kind: 'money', variance }, prior };
}
