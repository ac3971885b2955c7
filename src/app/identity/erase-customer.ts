import type { Tx } from '../../../db/client.ts';
import { lockWorkspaces } from '../../../db/config/lock-workspaces.ts';
import { lockOrCreateCustomers } from '../../../db/customers/lock-customers.ts';
import {
  deleteDecisionsAndEffects,
  deleteEvents,
  writeTombstones,
} from '../../../db/erasure/erase-customer.ts';
import { lockJourneys, readIdsMergedInto } from '../../../db/identity/merge-customers.ts';
import { readRoots } from '../../../db/identity/roots.ts';
import type { Intake } from '../intake/accept.ts';
import { retryTransaction } from '../intake/retry-transaction.ts';
import { IdentityRace } from './resolve-identities.ts';

export interface EraseRequest {
  workspace: string;
  /** Also an id that was merged: the whole person is erased. */
  customerId: string;
  actor: string;
}

/** What became of it. `ids` are the customer's and all that were merged into it: none of them is ever revived. */
export type EraseResult =
  | { ok: true; customerId: string; ids: string[] }
  | { ok: false; reason: 'unknown_customer'; message: string };

/**
 * Erases a person (correctness 17): first the tombstones, under the locks that acceptance, claims and decisions take;
 * then every row. Histories in Temporal are deleted by the relay, which also deletes the rows again: whatever was
 * half-way when the tombstone was written leaves nothing behind, and a crash in between is made good.
 */
export async function eraseCustomer(intake: Pick<Intake, 'db'>, request: EraseRequest): Promise<EraseResult> {
  const { sql } = intake.db;
  const erased = await retryTransaction(
    () => sql.begin((tx) => buryLocked(tx, request)) as Promise<EraseResult>,
  );
  if (erased.ok) await eraseRows(intake, request.workspace, erased.ids);
  return erased;
}

/** Deletes what there is of buried customers. Safe to be done again. */
export async function eraseRows(intake: Pick<Intake, 'db'>, workspace: string, ids: string[]): Promise<void> {
  await retryTransaction(async () => {
    await intake.db.sql.begin(async (tx) => {
      await deleteEvents(tx, workspace, ids);
      await deleteDecisionsAndEffects(tx, ids);
    });
  });
}

async function buryLocked(tx: Tx, { workspace, customerId, actor }: EraseRequest): Promise<EraseResult> {
  await lockWorkspaces(tx, [workspace]);
  const known = (await readRoots(tx, [customerId])).get(customerId);
  if (known?.workspace !== workspace) {
    const message = `there is no customer ${customerId} in this workspace`;
    return { ok: false, reason: 'unknown_customer', message };
  }
  const ids = [known.root, ...(await readIdsMergedInto(tx, [known.root]))].sort();
  const customers = await lockOrCreateCustomers(
    tx,
    ids.map((id) => ({ id, workspace })),
  );
  if (customers.get(known.root)?.mergedInto) throw new IdentityRace('the customer was merged meanwhile');
  await lockJourneys(tx, ids);
  await writeTombstones(tx, workspace, ids, actor);
  return { ok: true, customerId: known.root, ids };
}
