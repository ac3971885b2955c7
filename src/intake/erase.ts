import type { Tx } from '../../db/client.ts';
import { bury, deleteDeeds, deleteLog } from '../../db/queries/erase-customer.ts';
import { lockCustomers } from '../../db/queries/lock-customers.ts';
import { lockWorkspaces } from '../../db/queries/lock-workspaces.ts';
import { lockJourneys, readAliases } from '../../db/queries/merge-customers.ts';
import { readRoots } from '../../db/queries/read-roots.ts';
import type { Intake } from './accept.ts';
import { IdentityRace } from './identity.ts';
import { tryAgain } from './try-again.ts';

export interface EraseRequest {
  workspace: string;
  /** Also an id that was merged: the whole person is erased. */
  customerId: string;
  actor: string;
}

/** What became of it. `ids` are the customer's and all that were merged into it: none of them is ever revived. */
export type Erased =
  | { ok: true; customerId: string; ids: string[] }
  | { ok: false; reason: 'unknown_customer'; message: string };

/**
 * Erases a person (correctness 17): first the tombstones, under the locks that acceptance, claims and decisions take;
 * then every row. Histories in Temporal are deleted by the relay, which also deletes the rows again: whatever was
 * half-way when the tombstone was written leaves nothing behind, and a crash in between is made good.
 */
export async function eraseCustomer(intake: Pick<Intake, 'db'>, request: EraseRequest): Promise<Erased> {
  const { sql } = intake.db;
  const erased = await tryAgain(() => sql.begin((tx) => buryLocked(tx, request)) as Promise<Erased>);
  if (erased.ok) await eraseRows(intake, request.workspace, erased.ids);
  return erased;
}

/** Deletes what there is of buried customers. Safe to be done again. */
export async function eraseRows(intake: Pick<Intake, 'db'>, workspace: string, ids: string[]): Promise<void> {
  await tryAgain(async () => {
    await intake.db.sql.begin(async (tx) => {
      await deleteLog(tx, workspace, ids);
      await deleteDeeds(tx, ids);
    });
  });
}

async function buryLocked(tx: Tx, { workspace, customerId, actor }: EraseRequest): Promise<Erased> {
  await lockWorkspaces(tx, [workspace]);
  const known = (await readRoots(tx, [customerId])).get(customerId);
  if (known?.workspace !== workspace) {
    const message = `there is no customer ${customerId} in this workspace`;
    return { ok: false, reason: 'unknown_customer', message };
  }
  const ids = [known.root, ...(await readAliases(tx, [known.root]))].sort();
  const customers = await lockCustomers(
    tx,
    ids.map((id) => ({ id, workspace })),
  );
  if (customers.get(known.root)?.mergedInto) throw new IdentityRace('the customer was merged meanwhile');
  await lockJourneys(tx, ids);
  await bury(tx, workspace, ids, actor);
  return { ok: true, customerId: known.root, ids };
}
