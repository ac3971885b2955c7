import type { Tx } from '../../../../db/client.ts';
import {
  type DueReward,
  deleteRewards,
  lockDueRewards,
  type RewardClosure,
  readRewardEvents,
} from '../../../../db/learning/due-rewards.ts';
import type { Bundle } from '../../../domain/definition.ts';
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

/** A reward that is known, and of which kind it is. */
export type RewardObservation = Observation & { kind: string };

export interface ClosedRewards {
  /** To be learned from. Their `decisionId` is the reward's, for a decision may wait for several. */
  observations: RewardObservation[];
  /** What won't be learned from, with why; and what is still open. */
  ends: RewardClosure[];
  /** There may be more. */
  full: boolean;
}

/** Finds out what has become of the rewards whose window is over, the oldest first. */
export async function closeDueRewards(
  tx: Tx,
  deps: DecisionServices,
  asked: { bundle: Bundle; now: Instant; limit: number },
): Promise<ClosedRewards> {
  const { bundle, now, limit } = asked;
  const due = await lockDueRewards(tx, { workspace: bundle.workspace.id, now, limit });
  const full = due.length === limit;
  const gone = due.filter((one) => one.erased);
  if (gone.length > 0)
    await deleteRewards(
      tx,
      gone.map(({ id }) => id),
    );
  const ends: RewardClosure[] = [];
  const ready: ReadyReward[] = [];
  for (const one of due.filter((reward) => !reward.erased)) {
    const next = await prepare(tx, deps, one, asked);
    if ('state' in next) ends.push(next);
    else ready.push(next);
  }
  const happenings = groupBy(
    await readRewardEvents(tx, ready.map(buildEventSearch)),
    ({ rewardId }) => rewardId,
  );
  const scopes = new RewardScopes(tx, deps, bundle, now);
  const pending: (PendingReward & { kind: string })[] = [];
  const outcomes: RewardOutcome[] = [];
  for (const one of ready) {
    const found = await collectOutcomes(deps, scopes, one, happenings.get(one.due.id) ?? []);
    if ('code' in found) ends.push(ended(one.due, found.code));
    else {
      pending.push(pendingOf(one));
      outcomes.push(...found.outcomes);
    }
  }
  const kinds = new Map(pending.map(({ decisionId, kind }) => [decisionId, kind]));
  const { observations: closed } = settleRewards(pending, outcomes, now);
  const known = closed.map((one) => ({ ...one, kind: kinds.get(one.decisionId) ?? '' }));
  return { observations: known, ends, full };
}

function ended({ id }: DueReward, state: string): RewardClosure {
  return { id, state, reward: null, dueAt: null };
}

async function prepare(
  tx: Tx,
  { bundles }: DecisionServices,
  due: DueReward,
  { bundle: active, now }: { bundle: Bundle; now: Instant },
): Promise<ReadyReward | RewardClosure> {
  if (due.hasDelta) return ended(due, 'twice');
  if (due.decisionCustomerId === null) return ended(due, 'unknown_decision');
  const reach = findContactArrival(due, now);
  if (reach.kind === 'missed') return ended(due, 'not_sent');
  if (reach.kind === 'wait') return { ...ended(due, 'open'), dueAt: reach.until };
  const { from, effect } = reach;
  // A pinned enrollment's action is that of an older version than the decision's.
  const version = effect?.bundleVersion ?? due.bundleVersion;
  const bundle = version === active.version ? active : await bundles(tx, active.workspace.id, version);
  const action = bundle.actions.find(({ id }) => id === due.action);
  if (!action?.reward) return ended(due, 'unknown_arm');
  return { due, from, effect, action, reward: action.reward, bundle };
}

function pendingOf({ due, from, reward }: ReadyReward): PendingReward & { kind: string } {
  const { id: decisionId, arm, featureSchema: shape, within } = due;
  // Anything may stand in a row; what isn't a vector of numbers is refused by its size or its numbers.
  const x = Array.isArray(due.features) ? (due.features as number[]) : [];
  const counted = reward.amount === null ? 'any' : 'sum';
  return {
    decisionId,
    arm,
    featureSchema: shape,
    features: x,
    at: from,
    within,
    reward: counted,
    kind: hashRewardKind(reward),
  };
}
