import { uuidv7 } from 'uuidv7';
import type { Tx } from '../../../db/client.ts';
import { lockWorkspaces, type WorkspaceLock } from '../../../db/config/lock-workspaces.ts';
import { type LockedCustomer, lockOrCreateCustomers } from '../../../db/customers/lock-customers.ts';
import { lockJourneys, readIdsMergedInto, saveMerge } from '../../../db/identity/merge-customers.ts';
import { readRoots } from '../../../db/identity/roots.ts';
import type { InSameTransaction } from '../in-same-transaction.ts';
import type { Intake } from '../intake/accept.ts';
import { retryTransaction } from '../intake/retry-transaction.ts';
import { combineCustomers } from './combine-customers.ts';
import { IdentityRace } from './resolve-identities.ts';

export interface MergeRequest {
  workspace: string;
  /** The customer that ends. Its id leads to the winner forever. */
  loser: string;
  /** The customer that goes on, with both logs. */
  winner: string;
  /** The agent or the part of the system that requests the merge. */
  actor: string;
  /** `identify`, `alias`, or the agent's own words. */
  reason: string;
}

export type MergeRefusal = 'same_customer' | 'unknown_customer' | 'other_workspace' | 'erased';

/** `seq` is the number of `Customer Merged` in the winner's log; `moved` events of the loser follow it there. */
export type MergeResult =
  | { ok: true; mergeId: string; winner: string; loser: string; seq: number; moved: number }
  | { ok: false; reason: MergeRefusal; message: string };

export interface MergePair {
  winner: LockedCustomer;
  loser: LockedCustomer;
}

/** Chooses the winner of two locked customers; null when they must not be merged. */
export type ChooseWinner = (
  tx: Tx,
  first: LockedCustomer,
  second: LockedCustomer,
) => Promise<MergePair | null>;

export interface PairMergeRequest {
  workspace: string;
  firstId: string;
  secondId: string;
  actor: string;
  reason: string;
}

/**
 * Makes two customers one, in one transaction under the locks of both customers and both journeys (correctness 15). An
 * id that was merged before stands for the customer that answers for it. Nothing is lost: unprocessed events move to
 * the winner's log, tickets and running effects become the winner's, caps add up, and the stricter consent and pause
 * hold.
 */
export async function mergeCustomers(
  intake: Intake,
  request: MergeRequest,
  inSameTransaction?: InSameTransaction<MergeResult>,
): Promise<MergeResult> {
  const { workspace, loser, winner, actor, reason } = request;
  const result = await mergePair(
    intake,
    { workspace, firstId: winner, secondId: loser, actor, reason },
    (_, first, second) => Promise.resolve({ winner: first, loser: second }),
    // Only a choice gives null, and here the request names the winner.
    inSameTransaction && ((tx, merged) => inSameTransaction(tx, merged as MergeResult)),
  );
  return result as MergeResult;
}

/**
 * Merges two customers, where the winner is chosen under the locks.
 *
 * @returns null when `choose` refuses
 */
export function mergePair(
  intake: Intake,
  request: PairMergeRequest,
  choose: ChooseWinner,
  inSameTransaction?: InSameTransaction<MergeResult | null>,
): Promise<MergeResult | null> {
  return retryTransaction(
    () =>
      intake.db.sql.begin(async (tx) => {
        const result = await mergeLocked(tx, intake, request, choose);
        await inSameTransaction?.(tx, result);
        return result;
      }) as Promise<MergeResult | null>,
  );
}

async function mergeLocked(
  tx: Tx,
  intake: Intake,
  request: PairMergeRequest,
  choose: ChooseWinner,
): Promise<MergeResult | null> {
  const { workspace, actor, reason } = request;
  const workspaces = await lockWorkspaces(tx, [workspace]);
  const locked = await lockPair(tx, request);
  if ('reason' in locked) return locked;
  const pair = await choose(tx, locked.first, locked.second);
  if (!pair) return null;
  const winner = pair.winner.id;
  const loser = pair.loser.id;
  const journeys = await lockJourneys(tx, [winner, loser]);
  const mergeId = `mrg_${uuidv7().replaceAll('-', '')}`;
  const workspaceLock = workspaces.get(workspace) as WorkspaceLock;
  const { configVersion } = workspaceLock;
  const bundle = configVersion > 0 ? await intake.bundles(tx, workspace, configVersion) : null;
  const { seq, moved } = await combineCustomers(tx, pair, {
    mergeId,
    actor,
    reason,
    journeys,
    workspaceLock,
    secret: intake.secret,
    bundle,
  });
  await saveMerge(tx, { id: mergeId, workspace, winner, loser, reason, actor });
  return { ok: true, mergeId, winner, loser, seq, moved };
}

/**
 * Locks the customers that answer for both ids, with every id merged into them, in one order. Checks under the locks
 * that they still answer.
 */
async function lockPair(
  tx: Tx,
  { workspace, firstId, secondId }: PairMergeRequest,
): Promise<{ first: LockedCustomer; second: LockedCustomer } | Extract<MergeResult, { ok: false }>> {
  const roots = await readRoots(tx, [firstId, secondId]);
  const [a, b] = [roots.get(firstId), roots.get(secondId)];
  if (!a || !b)
    return refuse(
      'unknown_customer',
      `there is no customer ${a ? secondId : firstId}: look both ids up first`,
    );
  if (a.workspace !== workspace || b.workspace !== workspace)
    return refuse(
      'other_workspace',
      'customers of two workspaces are never merged: a group shares caps instead',
    );
  if (a.root === b.root)
    return refuse('same_customer', `${firstId} and ${secondId} are one customer already`);
  const ids = [...new Set([a.root, b.root, ...(await readIdsMergedInto(tx, [a.root, b.root]))])];
  const customers = await lockOrCreateCustomers(
    tx,
    ids.map((id) => ({ id, workspace })),
  );
  const first = customers.get(a.root) as LockedCustomer;
  const second = customers.get(b.root) as LockedCustomer;
  if (first.mergedInto !== null || second.mergedInto !== null)
    throw new IdentityRace('one of them was merged meanwhile');
  if (first.erased || second.erased) {
    const erased = first.erased ? firstId : secondId;
    return refuse('erased', `${erased} was erased: nothing is kept that could be merged`);
  }
  return { first, second };
}

function refuse(reason: MergeRefusal, message: string): Extract<MergeResult, { ok: false }> {
  return { ok: false, reason, message };
}
