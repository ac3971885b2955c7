import type { AwaitedReward } from '../../domain/candidate.ts';
import { baselineArmId, hashRewardKind } from '../../learning/model/reward-kind.ts';
import { DO_NOTHING } from '../../learning/model/snapshot.ts';
import type { PoolArm } from './arms.ts';
import { compareRanked } from './rank.ts';

/**
 * What has to be waited for, to know whether the choice was right: the chosen action's reward; or, where nothing is
 * done, what comes by itself, once for each kind of reward that competed.
 */
export function listAwaitedRewards(arms: PoolArm[], chosen: string): AwaitedReward[] {
  if (chosen !== DO_NOTHING)
    return arms.filter(({ id }) => id === chosen).flatMap((arm) => awaited(arm, null));
  const kinds = new Set<string>();
  return [...arms]
    .sort((a, b) => compareRanked(a.representative, b.representative))
    .flatMap((arm) => {
      const { reward } = arm.representative.candidate.action;
      const kind = hashRewardKind(reward);
      if (kinds.has(kind)) return [];
      kinds.add(kind);
      return awaited(arm, baselineArmId(reward));
    });
}

/** @param baseline the arm that learns what comes without doing anything; null: the action's own learns */
function awaited({ id, representative: first }: PoolArm, baseline: string | null): AwaitedReward[] {
  const { action, channel, enrollment } = first.candidate;
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
