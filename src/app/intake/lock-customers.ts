import type { Tx } from '../../../db/client.ts';
import {
  type LockedCustomer,
  lockExistingCustomers,
  lockOrCreateCustomers,
} from '../../../db/customers/lock-customers.ts';
import { moveMessageIds, releaseMessageIds } from '../../../db/events/message-ids.ts';
import { saveRejectedEvents } from '../../../db/events/save-rejected.ts';
import { readRoots } from '../../../db/identity/roots.ts';
import { IdentityRace } from '../identity/resolve-identities.ts';
import type { BatchEntry } from './locked-subjects.ts';

/**
 * Locks the customers of a batch, and asks again under the lock who answers for them: a merge, an unmerge or an erasure
 * may have come in between. An event that names a merged customer by its id goes to the root of the merge, with that id
 * as its origin; one that names an erased customer is refused, and nothing of what it says is kept.
 *
 * @throws IdentityRace when an identity leads to somebody else by now: the batch is resolved again
 */
export async function lockCurrentCustomers(
  tx: Tx,
  wanted: BatchEntry[],
  fresh: BatchEntry[],
): Promise<{ customers: Map<string, LockedCustomer>; refused: Set<BatchEntry> }> {
  const customers = await lockAll(tx, wanted);
  const moved = wanted.filter((entry) => customers.get(entry.customerId)?.mergedInto);
  if (moved.some((entry) => entry.event.customerId === undefined))
    throw new IdentityRace('the customer was merged');
  if (moved.length > 0) await followMerges(tx, customers, moved, fresh);
  await checkOrigins(tx, wanted);

  const erased = wanted.filter((entry) => customers.get(entry.customerId)?.erased);
  if (erased.some((entry) => entry.event.customerId === undefined))
    throw new IdentityRace('the customer was erased');
  const refused = new Set(erased.filter((entry) => fresh.includes(entry)));
  if (refused.size > 0) {
    const reason = 'this customer was erased';
    const told = [...refused].map(({ event }) => ({ ...event, code: 'erased', reason, body: '' }));
    await releaseMessageIds(tx, told);
    await saveRejectedEvents(tx, told);
  }
  return { customers, refused };
}

/**
 * Identities are only bound to customers who answer for themselves, also by an event that is otherwise a repeat: one
 * left behind at a merged or erased customer would lead nobody anywhere.
 */
export async function checkBoundCustomers(tx: Tx, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  for (const { mergedInto, erased } of (await lockExistingCustomers(tx, ids)).values())
    if (mergedInto !== null || erased) throw new IdentityRace('the customer was merged or erased');
}

/** What came for one who was lost in a merge must still belong here: an unmerge may have taken it away. */
async function checkOrigins(tx: Tx, wanted: BatchEntry[]): Promise<void> {
  const lost = wanted.filter((entry) => entry.origin !== null && entry.event.customerId === undefined);
  if (lost.length === 0) return;
  const roots = await readRoots(
    tx,
    lost.map((entry) => entry.origin as string),
  );
  if (lost.some((entry) => roots.get(entry.origin as string)?.root !== entry.customerId))
    throw new IdentityRace('the customer was unmerged');
}

async function lockAll(tx: Tx, entries: BatchEntry[]): Promise<Map<string, LockedCustomer>> {
  const wanted = new Map(
    entries.map(({ customerId, event }) => [customerId, { id: customerId, workspace: event.workspace }]),
  );
  return lockOrCreateCustomers(tx, [...wanted.values()]);
}

async function followMerges(
  tx: Tx,
  customers: Map<string, LockedCustomer>,
  moved: BatchEntry[],
  fresh: BatchEntry[],
): Promise<void> {
  for (const entry of moved) {
    entry.origin ??= entry.customerId;
    entry.customerId = customers.get(entry.customerId)?.mergedInto as string;
  }
  const unlocked = moved.filter((entry) => !customers.has(entry.customerId));
  for (const [id, root] of await lockAll(tx, unlocked)) customers.set(id, root);
  if (moved.some((entry) => customers.get(entry.customerId)?.mergedInto))
    throw new IdentityRace('the customer was merged again');
  const taken = moved.filter((entry) => fresh.includes(entry));
  const claims = taken.map(({ event, customerId }) => ({ ...event, customerId }));
  if (claims.length > 0) await moveMessageIds(tx, claims);
}
