import { armId } from '../../decisioning/learning/arm-id.ts';
import type { ArmStart } from '../../decisioning/learning/hierarchy.ts';
import { BASE_RATE, binaryPrior, flatPrior } from '../../decisioning/learning/model.ts';
import { baselineArm, rewardKind } from '../../decisioning/learning/reward-kind.ts';
import type { Bundle } from '../../domain/definition.ts';
import { channelsOf } from '../../domain/offer.ts';

/** What an arm is, before anything is known of it. */
export interface ArmWanted {
  id: string;
  group: string | null;
  /** Of the reward that it learns from (reward-kind.ts). */
  kind: string;
  money: boolean;
}

/** How the amounts of a kind of reward are spread: minor units, and squared. */
export interface Spread {
  mean: number;
  variance: number;
}

/** Each action with a reward on each of its channels; and for each kind of reward what doing nothing brings. */
export function armsWanted({ actions }: Pick<Bundle, 'actions'>): ArmWanted[] {
  const arms = new Map<string, ArmWanted>();
  for (const action of actions) {
    const { reward } = action;
    if (!reward) continue;
    const kind = rewardKind(reward);
    const money = reward.amount !== null;
    const group = action.contentGroup ?? action.id;
    for (const channel of channelsOf(action)) {
      const id = armId(action.id, channel);
      arms.set(id, { id, group, kind, money });
    }
    const baseline = baselineArm(reward);
    arms.set(baseline, { id: baseline, group: null, kind, money });
  }
  return [...arms.values()];
}

/** A prior of an amount weighs as much as so many rewards. */
const WORTH_OF_PRIOR = 20;

/** With fewer amounts than this their spread says nothing yet. */
export const ENOUGH_AMOUNTS = 50;

/**
 * Where no amounts are known yet: as if one in twenty (`BASE_RATE`) brought the sum at which a customer counts as
 * half-way valuable (`valueHalf`), the others nothing.
 */
export function assumedSpread({ workspace }: Pick<Bundle, 'workspace'>): Spread {
  const amount = Math.max(1, workspace.valueHalf);
  return { mean: BASE_RATE * amount, variance: BASE_RATE * amount * amount };
}

/** How an arm begins. */
export function startOf({ id, group, money }: ArmWanted, size: number, spread: Spread): ArmStart {
  if (!money) return { id, group, likelihood: { kind: 'binary' }, prior: binaryPrior(size) };
  const { mean, variance } = spread;
  const prior = flatPrior(size, mean, variance / WORTH_OF_PRIOR);
  return { id, group, likelihood: { kind: 'money', variance }, prior };
}
