import type { Tx } from '../../../db/client.ts';
import {
  type DueReward,
  dropRewards,
  lockDueRewards,
  type RewardEnd,
  readHappenings,
} from '../../../db/queries/rewards-due.ts';
import type { Observation } from '../../decisioning/learning/fold.ts';
import { rewardKind } from '../../decisioning/learning/reward-kind.ts';
import { type Outcome, type Pending, settle } from '../../decisioning/learning/rewards.ts';
import type { Bundle } from '../../domain/definition.ts';
import { groupBy } from '../../domain/group-by.ts';
import type { Instant } from '../../domain/time.ts';
import type { DecideDeps } from '../decide-next-best-action.ts';
import { outcomesOf, type Ready, soughtBy } from './outcomes.ts';
import { reachOf } from './reach.ts';
import { Scopes } from './scopes.ts';

/** A reward that is known, and of which kind it is. */
export type Known = Observation & { kind: string };

export interface Closing {
  /** To be learned from. Their `decisionId` is the reward's, for a decision may wait for several. */
  known: Known[];
  /** What won't be learned from, with why; and what is still open. */
  ends: RewardEnd[];
  /** There may be more. */
  full: boolean;
}

/** Finds out what has become of the rewards whose window is over, the oldest first. */
export async function closeDue(
  tx: Tx,
  deps: DecideDeps,
  asked: { bundle: Bundle; now: Instant; limit: number },
): Promise<Closing> {
  const { bundle, now, limit } = asked;
  const due = await lockDueRewards(tx, { workspace: bundle.workspace.id, now, limit });
  const full = due.length === limit;
  const gone = due.filter((one) => one.gone);
  if (gone.length > 0)
    await dropRewards(
      tx,
      gone.map(({ id }) => id),
    );
  const ends: RewardEnd[] = [];
  const ready: Ready[] = [];
  for (const one of due.filter((reward) => !reward.gone)) {
    const next = await prepare(tx, deps, one, asked);
    if ('state' in next) ends.push(next);
    else ready.push(next);
  }
  const happenings = groupBy(await readHappenings(tx, ready.map(soughtBy)), ({ rewardId }) => rewardId);
  const scopes = new Scopes(tx, deps, bundle, now);
  const pending: (Pending & { kind: string })[] = [];
  const outcomes: Outcome[] = [];
  for (const one of ready) {
    const found = await outcomesOf(deps, scopes, one, happenings.get(one.due.id) ?? []);
    if ('code' in found) ends.push(ended(one.due, found.code));
    else {
      pending.push(pendingOf(one));
      outcomes.push(...found.outcomes);
    }
  }
  const kinds = new Map(pending.map(({ decisionId, kind }) => [decisionId, kind]));
  const { closed } = settle(pending, outcomes, now);
  const known = closed.map((one) => ({ ...one, kind: kinds.get(one.decisionId) ?? '' }));
  return { known, ends, full };
}

function ended({ id }: DueReward, state: string): RewardEnd {
  return { id, state, reward: null, dueAt: null };
}

async function prepare(
  tx: Tx,
  { bundles }: DecideDeps,
  due: DueReward,
  { bundle: active, now }: { bundle: Bundle; now: Instant },
): Promise<Ready | RewardEnd> {
  if (due.learned) return ended(due, 'twice');
  if (due.decider === null) return ended(due, 'unknown_decision');
  const reach = reachOf(due, now);
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

function pendingOf({ due, from, reward }: Ready): Pending & { kind: string } {
  const { id: decisionId, arm, shape, within } = due;
  // Anything may stand in a row; what isn't a vector of numbers is refused by its size or its numbers.
  const x = Array.isArray(due.x) ? (due.x as number[]) : [];
  const counted = reward.amount === null ? 'any' : 'sum';
  return { decisionId, arm, shape, x, at: from, within, reward: counted, kind: rewardKind(reward) };
}
