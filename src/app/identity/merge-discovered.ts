import type { Tx } from '../../../db/client.ts';
import type { LockedCustomer } from '../../../db/customers/lock-customers.ts';
import { readCustomersWithUserId } from '../../../db/identity/merge-customers.ts';
import { type DueMerge, deleteMergeDue, readMergesDue } from '../../../db/identity/merges-due.ts';
import type { Intake } from '../intake/accept.ts';
import { type MergePair, mergePair } from './merge-customers.ts';

/** Seconds that the process which found a merge has to make it, before the relay does. */
const GRACE = 5;

/**
 * Merges customers that acceptance has found to be one. The events that said so are accepted whatever comes of it: a
 * merge that fails stays noted, and the relay makes it, or tells why not.
 */
export async function mergeDiscovered(intake: Intake, due: DueMerge[]): Promise<void> {
  await mergeEach(intake, due);
}

/** Makes the merges that nobody has made yet. Returns how many were due. @throws Error for those that fail again */
export async function mergeOverdue(intake: Intake, limit = 50): Promise<number> {
  const due = await readMergesDue(intake.db.sql, GRACE, limit);
  const failed = await mergeEach(intake, due);
  if (failed.length > 0) throw new AggregateError(failed, `${failed.length} merges failed`);
  return due.length;
}

async function mergeEach(intake: Intake, due: DueMerge[]): Promise<unknown[]> {
  const failed: unknown[] = [];
  for (const one of due) {
    try {
      await mergeDue(intake, one);
    } catch (error) {
      failed.push(error);
    }
  }
  return failed;
}

/** Makes one of them, if under the locks it's still right; the note goes in the same commit. */
async function mergeDue(intake: Intake, due: DueMerge): Promise<void> {
  const request = { ...due, actor: 'throughline' };
  await mergePair(intake, request, pickByUser, (tx) => deleteMergeDue(tx, due));
}

/** The one with a user id wins, else the one known for longer. Two user ids are never one by themselves. */
async function pickByUser(tx: Tx, one: LockedCustomer, other: LockedCustomer): Promise<MergePair | null> {
  const users = await readCustomersWithUserId(tx, [one.id, other.id]);
  if (users.size === 2) return null;
  const older = one.knownSince <= other.knownSince ? one : other;
  const winner = users.size === 0 ? older : users.has(one.id) ? one : other;
  return { winner, loser: winner === one ? other : one };
}
