import type { AwaitedReward } from '../../domain/candidate.ts';
import { NOTHING } from '../learning/model.ts';
import { baselineArm, rewardKind } from '../learning/reward-kind.ts';
import type { PoolArm } from './arms.ts';
import { compare } from './ranked.ts';

/**
 * What has to be waited for, to know whether the choice was right: the chosen action's reward; or, where nothing is
 * done, what comes by itself, once for each kind of reward that competed.
 */
export function awaitedOf(arms: PoolArm[], chosen: string): AwaitedReward[] {
  if (chosen !== NOTHING) return arms.filter(({ id }) => id === chosen).flatMap((arm) => awaited(arm, null));
  const kinds = new Set<string>();
  return [...arms]
    .sort((a, b) => compare(a.first, b.first))
    .flatMap((arm) => {
      const { reward } = arm.first.candidate.action;
      const kind = rewardKind(reward);
      if (kinds.has(kind)) return [];
      kinds.add(kind);
      return awaited(arm, baselineArm(reward));
    });
}

/** @param baseline the arm that learns what comes without doing anything; null: the action's own learns */
function awaited({ id, first }: PoolArm, baseline: string | null): AwaitedReward[] {
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
