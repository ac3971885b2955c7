import type { Tx } from '../../../../db/client.ts';
import {
  type DueReward,
  deleteRewards,
  lockDueRewards,
  type RewardClosure,
  readRewardEvents,
} from '../../../../db/learning/due-rewards.ts';
import type { Bundle } from '../../../domain/definition.ts';
import type { RewardState } from '../../../domain/reward.ts';
import type { Instant } from '../../../domain/time/time.ts';
import { groupBy } from '../../../domain/values/group-by.ts';
import type { Observation } from '../../../learning/model/fold-deltas.ts';
import { hashRewardKind } from '../../../learning/model/reward-kind.ts';
import {
  type PendingReward,
  type RewardOutcome,
  settleRewards,
} from '../../../learning/model/settle-rewards.ts';
import type { DecisionServices } from '../../decide/services.ts';
import { buildEventSearch, collectOutcomes, type ReadyReward } from './collect-outcomes.ts';
import { findContactArrival } from './contact-arrival.ts';
import { RewardScopes } from './reward-scope.ts';

/** An observation with the kind of its reward. */
export type RewardObservation = Observation & { kind: string };

export interface ClosedRewards {
  /** Rewards to learn from. `decisionId` is the id of the reward, because a decision can have several rewards. */
  observations: RewardObservation[];
  /** Rewards that can't be learned from, with the reason, and rewards that are still open. */
  ends: RewardClosure[];
  /** The page was full, so there may be more. */
  full: boolean;
}

/**
 * Closes the rewards whose window is over, the oldest first: finds when their contact arrived, reads the events that
 * count, and sums them up.
 */
export async function closeDueRewards(
  tx: Tx,
  deps: DecisionServices,
  page: { bundle: Bundle; now: Instant; limit: number },
): Promise<ClosedRewards> {
  const { bundle, now, limit } = page;
  const due = await lockDueRewards(tx, { workspace: bundle.workspace.id, now, limit });
  const full = due.length === limit;
  const erased = due.filter((reward) => reward.erased);
  if (erased.length > 0)
    await deleteRewards(
      tx,
      erased.map(({ id }) => id),
    );
  const ends: RewardClosure[] = [];
  const ready: ReadyReward[] = [];
  for (const reward of due.filter((candidate) => !candidate.erased)) {
    const prepared = await prepare(tx, deps, reward, page);
    if ('state' in prepared) ends.push(prepared);
    else ready.push(prepared);
  }
  const events = groupBy(await readRewardEvents(tx, ready.map(buildEventSearch)), ({ rewardId }) => rewardId);
  const scopes = new RewardScopes(tx, deps, bundle, now);
  const pending: (PendingReward & { kind: string })[] = [];
  const outcomes: RewardOutcome[] = [];
  for (const reward of ready) {
    const collected = await collectOutcomes(deps, scopes, reward, events.get(reward.due.id) ?? []);
    if ('code' in collected) ends.push(endReward(reward.due, collected.code));
    else {
      pending.push(toPendingReward(reward));
      outcomes.push(...collected.outcomes);
    }
  }
  const kinds = new Map(pending.map(({ decisionId, kind }) => [decisionId, kind]));
  const settled = settleRewards(pending, outcomes, now).observations;
  const observations = settled.map((observation) => ({
    ...observation,
    kind: kinds.get(observation.decisionId) ?? '',
  }));
  return { observations, ends, full };
}

function endReward({ id }: DueReward, state: RewardState): RewardClosure {
  return { id, state, reward: null, dueAt: null };
}

async function prepare(
  tx: Tx,
  { bundles }: DecisionServices,
  due: DueReward,
  { bundle: active, now }: { bundle: Bundle; now: Instant },
): Promise<ReadyReward | RewardClosure> {
  if (due.hasDelta) return endReward(due, 'twice');
  if (due.decisionCustomerId === null) return endReward(due, 'unknown_decision');
  const arrival = findContactArrival(due, now);
  if (arrival.kind === 'missed') return endReward(due, 'not_sent');
  if (arrival.kind === 'wait') return { ...endReward(due, 'open'), dueAt: arrival.until };
  const { from, effect } = arrival;
  // The enrollment may be pinned to an older version than the decision's.
  const version = effect?.bundleVersion ?? due.bundleVersion;
  const bundle = version === active.version ? active : await bundles(tx, active.workspace.id, version);
  const action = bundle.actions.find(({ id }) => id === due.action);
  if (!action?.reward) return endReward(due, 'unknown_arm');
  return { due, from, effect, action, reward: action.reward, bundle };
}

function toPendingReward({ due, from, reward }: ReadyReward): PendingReward & { kind: string } {
  const { id: decisionId, arm, featureSchema, within } = due;
  // The row is unchecked JSON; computeDelta refuses a vector of another size, or with invalid numbers.
  const features = Array.isArray(due.features) ? (due.features as number[]) : [];
  return {
    decisionId,
    arm,
    featureSchema,
    features,
    at: from,
    within,
    reward: reward.amount === null ? 'any' : 'sum',
    kind: hashRewardKind(reward),
  };
}
