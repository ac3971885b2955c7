import type { Database, Tx } from '../../../../db/client.ts';
import { lockWorkspaces } from '../../../../db/config/lock-workspaces.ts';
import { type Claimant, lockAccount, lockClaimant, readClaimant } from '../../../../db/customers/claimant.ts';
import { lockSubjects } from '../../../../db/locks/lock-subjects.ts';
import type { EffectRequest } from '../../../domain/protocol.ts';
import { retryTransaction } from '../../intake/retry-transaction.ts';
import type { DecisionServices } from '../services.ts';
import { requireAction } from './require-action.ts';
import { listSharedSubjects } from './shared-subjects.ts';

/** A row changed before everything of the claim was locked: the transaction is begun again. */
export class ClaimantChangedError extends Error {
  /** Postgres' code of a failed serialization: `runClaimTransaction` retries on it. */
  readonly code = '40001';
}

/** Runs a claim's transaction; begins it again after a deadlock or a failed serialization. */
export function runClaimTransaction<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return retryTransaction(async () => (await db.sql.begin((tx) => work(tx))) as T);
}

/**
 * Locks what acceptance locks, in its order, before anything is locked that only effects use. So "accepted before the
 * effect began" has a meaning: the claim sees a ticket that committed first, and a ticket that comes later finds the
 * effect begun (I3). The account is locked in share, since its tickets may silence every member. With `counted`, the
 * shared subjects are locked too whose caps the action uses, so that no two claims count them at once.
 *
 * @returns the customer who answers for the effect today, or null if there is none
 * @throws ClaimantChangedError when the transaction must be begun again
 */
export async function lockForClaim(
  tx: Tx,
  request: Pick<EffectRequest, 'workspace' | 'customerId'>,
  counted?: { deps: Pick<DecisionServices, 'bundles'>; action: { id: string; bundleVersion: number } },
): Promise<Claimant | null> {
  const locked = await lockWorkspaces(tx, [request.workspace]);
  const claimant = await readClaimant(tx, request.customerId);
  if (!claimant) return null;
  if (claimant.accountId !== null) await lockAccount(tx, claimant.workspace, claimant.accountId);
  if (counted) {
    const { deps, action } = counted;
    const version = locked.get(request.workspace)?.configVersion ?? action.bundleVersion;
    const current = await deps.bundles(tx, request.workspace, version);
    const decided = await deps.bundles(tx, request.workspace, action.bundleVersion);
    await lockSubjects(tx, listSharedSubjects(claimant, current, requireAction(decided, action.id)));
  }
  if (!(await lockClaimant(tx, claimant)))
    throw new ClaimantChangedError('the customer changed before it was locked');
  return claimant;
}
