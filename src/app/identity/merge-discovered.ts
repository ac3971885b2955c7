import type { Tx } from '../../../db/client.ts';
import type { LockedCustomer } from '../../../db/customers/lock-customers.ts';
import { readCustomersWithUserId } from '../../../db/identity/merge-customers.ts';
import { type DueMerge, deleteMergeDue, readMergesDue } from '../../../db/identity/merges-due.ts';
import type { Intake } from '../intake/accept.ts';
import { type MergePair, mergePair } from './merge-customers.ts';

/** Seconds for which the process that discovered a merge may make it, before the relay does. */
const GRACE_SECONDS = 5;

/**
 * Merges customers that acceptance has identified as one. Their events are already committed, so a failure isn't the
 * sender's: the merge stays recorded as due, and the relay makes it or logs why it can't.
 */
export async function mergeDiscovered(intake: Intake, due: DueMerge[]): Promise<void> {
  await mergeEach(intake, due);
}

/**
 * Makes the merges that have stayed due.
 *
 * @returns how many were due
 * @throws AggregateError with one error per merge that failed again
 */
export async function mergeOverdue(intake: Intake, limit = 50): Promise<number> {
  const due = await readMergesDue(intake.db.sql, GRACE_SECONDS, limit);
  const failed = await mergeEach(intake, due);
  if (failed.length > 0) throw new AggregateError(failed, `${failed.length} merges failed`);
  return due.length;
}

async function mergeEach(intake: Intake, due: DueMerge[]): Promise<unknown[]> {
  const failed: unknown[] = [];
  for (const merge of due) {
    try {
      await mergeDue(intake, merge);
    } catch (error) {
      failed.push(error);
    }
  }
  return failed;
}

/** Makes one merge if it still applies under the locks, and deletes its record in the same commit. */
async function mergeDue(intake: Intake, due: DueMerge): Promise<void> {
  const request = { ...due, actor: 'throughline' };
  await mergePair(intake, request, chooseByUserId, (tx) => deleteMergeDue(tx, due));
}

/** The customer with a user id wins, otherwise the older one. Two customers with a user id each aren't merged. */
async function chooseByUserId(
  tx: Tx,
  first: LockedCustomer,
  second: LockedCustomer,
): Promise<MergePair | null> {
  const withUserId = await readCustomersWithUserId(tx, [first.id, second.id]);
  if (withUserId.size === 2) return null;
  const older = first.knownSince <= second.knownSince ? first : second;
  const winner = withUserId.size === 0 ? older : withUserId.has(first.id) ? first : second;
  return { winner, loser: winner === first ? second : first };
}
