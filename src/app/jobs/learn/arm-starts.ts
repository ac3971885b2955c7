import { channelsOf } from '../../../domain/action-channels.ts';
import type { Bundle } from '../../../domain/definition.ts';
import { buildArmId } from '../../../learning/model/arm-id.ts';
import type { ArmStart } from '../../../learning/model/group-prior.ts';
import { baselineArmId, hashRewardKind } from '../../../learning/model/reward-kind.ts';
import { BASE_RATE, createBinaryPrior, createFlatPrior } from '../../../learning/model/snapshot.ts';

/** What an arm is, before anything is known of it. */
export interface ArmDefinition {
  id: string;
  group: string | null;
  /** Of the reward that it learns from (reward-kind.ts). */
  kind: string;
  money: boolean;
}

/** How the amounts of a kind of reward are spread: minor units, and squared. */
export interface AmountSpread {
  mean: number;
  variance: number;
}

/** Each action with a reward on each of its channels; and for each kind of reward what doing nothing brings. */
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

/** A prior of an amount weighs as much as so many rewards. */
const WORTH_OF_PRIOR = 20;

/** With fewer amounts than this their spread says nothing yet. */
export const MIN_AMOUNTS = 50;

/**
 * Where no amounts are known yet: as if one in twenty (`BASE_RATE`) brought the sum at which a customer counts as
 * half-way valuable (`valueHalf`), the others nothing.
 */
export function assumeSpread({ workspace }: Pick<Bundle, 'workspace'>): AmountSpread {
  const amount = Math.max(1, workspace.valueHalf);
  return { mean: BASE_RATE * amount, variance: BASE_RATE * amount * amount };
}

/** How an arm begins. */
export function buildArmStart(
  { id, group, money }: ArmDefinition,
  size: number,
  spread: AmountSpread,
): ArmStart {
  if (!money) return { id, group, likelihood: { kind: 'binary' }, prior: createBinaryPrior(size) };
  const { mean, variance } = spread;
  const prior = createFlatPrior(size, mean, variance / WORTH_OF_PRIOR);
  return { id, group, likelihood: { kind: 'money', variance }, prior };
}
