import type { AwaitedReward } from '../../domain/candidate.ts';
import { baselineArmId, hashRewardKind } from '../../learning/model/reward-kind.ts';
import { DO_NOTHING } from '../../learning/model/snapshot.ts';
import type { PoolArm } from './arms.ts';
import { compareRanked } from './rank.ts';

/**
 * The rewards that show whether the choice was right: the chosen action's; or, where nothing is done, the rewards that
 * occur without contact, once for each kind of reward that competed.
 */
export function listAwaitedRewards(arms: PoolArm[], chosen: string): AwaitedReward[] {
  if (chosen !== DO_NOTHING)
    return arms.filter(({ id }) => id === chosen).flatMap((arm) => toAwaitedReward(arm, null));
  const kinds = new Set<string>();
  return [...arms]
    .sort((a, b) => compareRanked(a.representative, b.representative))
    .flatMap((arm) => {
      const { reward } = arm.representative.candidate.action;
      const kind = hashRewardKind(reward);
      if (kinds.has(kind)) return [];
      kinds.add(kind);
      return toAwaitedReward(arm, baselineArmId(reward));
    });
}

/** @param baseline the arm that learns what occurs without contact; null: the action's own arm learns */
function toAwaitedReward({ id, representative }: PoolArm, baseline: string | null): AwaitedReward[] {
  const { action, channel, enrollment } = representative.candidate;
  if (!action.reward) return [];
  return [
    {
      arm: baseline ?? id,
      action: action.id,
      channel: baseline === null ? channel : null,
      enrollmentId: enrollment.id,
      key: enrollment.key,
      within: action.reward.within,
    },
  ];
}
