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
import type { BatchEntry } from './batch-entry.ts';
import { rejectEvent } from './rejection.ts';

export interface CurrentCustomers {
  customers: Map<string, LockedCustomer>;
  /** The given entries, in their order, with the customers that answer for them now. */
  current: BatchEntry[];
  /** Fresh entries that name an erased customer. */
  rejected: Set<BatchEntry>;
}

/**
 * Locks the customers of a batch and checks under the locks that they still answer for its events: a merge, an unmerge
 * or an erasure may have committed since they were resolved. An event that names a merged customer by id goes to the
 * customer that answers for it now, with the named id as its origin. An event that names an erased customer is
 * rejected, and its content isn't kept.
 *
 * @param fresh positions of the entries whose message id is new to the log
 * @throws IdentityRace when an identity now leads to another customer: the batch has to be resolved again
 */
export async function lockCurrentCustomers(
  tx: Tx,
  entries: BatchEntry[],
  fresh: ReadonlySet<number>,
): Promise<CurrentCustomers> {
  const locked = await lockAll(tx, entries);
  const { current, customers } = await followMerges(tx, locked, entries, fresh);
  await checkOrigins(tx, current);

  const erased = current.filter((entry) => customers.get(entry.customerId)?.erased);
  if (erased.some((entry) => entry.event.customerId === undefined))
    throw new IdentityRace('the customer was erased');
  const rejected = new Set(erased.filter((entry) => fresh.has(entry.position)));
  if (rejected.size > 0) {
    const refusal = { code: 'erased', reason: 'this customer was erased' };
    const events = [...rejected].map(({ event }) => event);
    await releaseMessageIds(tx, events);
    await saveRejectedEvents(
      tx,
      events.map((event) => rejectEvent(event, refusal, '')),
    );
  }
  return { customers, current, rejected };
}

/**
 * Checks that identities are bound only to customers that are neither merged nor erased. This also holds for an event
 * that is otherwise a duplicate: an identity left behind at such a customer would resolve to nothing.
 *
 * @throws IdentityRace when one of the customers was merged or erased
 */
export async function checkBoundCustomers(tx: Tx, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  for (const { mergedInto, erased } of (await lockExistingCustomers(tx, ids)).values())
    if (mergedInto !== null || erased) throw new IdentityRace('the customer was merged or erased');
}

/** Checks that an origin still belongs to the entry's customer: an unmerge may have taken it away. */
async function checkOrigins(tx: Tx, entries: BatchEntry[]): Promise<void> {
  const withOrigin = entries.flatMap(({ origin, event, customerId }) =>
    origin !== null && event.customerId === undefined ? [{ origin, customerId }] : [],
  );
  if (withOrigin.length === 0) return;
  const roots = await readRoots(
    tx,
    withOrigin.map(({ origin }) => origin),
  );
  if (withOrigin.some(({ origin, customerId }) => roots.get(origin)?.root !== customerId))
    throw new IdentityRace('the customer was unmerged');
}

async function lockAll(tx: Tx, entries: BatchEntry[]): Promise<Map<string, LockedCustomer>> {
  const customers = new Map(
    entries.map(({ customerId, event }) => [customerId, { id: customerId, workspace: event.workspace }]),
  );
  return lockOrCreateCustomers(tx, [...customers.values()]);
}

/** Replaces the entries of merged customers by entries of the customers that they were merged into, and locks those. */
async function followMerges(
  tx: Tx,
  locked: Map<string, LockedCustomer>,
  entries: BatchEntry[],
  fresh: ReadonlySet<number>,
): Promise<Omit<CurrentCustomers, 'rejected'>> {
  const mergedInto = (entry: BatchEntry) => locked.get(entry.customerId)?.mergedInto ?? null;
  const current = entries.map((entry) => {
    const customerId = mergedInto(entry);
    return customerId === null ? entry : { ...entry, origin: entry.origin ?? entry.customerId, customerId };
  });
  const moved = current.filter((entry, index) => entry !== entries[index]);
  if (moved.length === 0) return { customers: locked, current };
  if (moved.some((entry) => entry.event.customerId === undefined))
    throw new IdentityRace('the customer was merged');
  const unlocked = moved.filter((entry) => !locked.has(entry.customerId));
  const customers = new Map([...locked, ...(await lockAll(tx, unlocked))]);
  if (moved.some((entry) => customers.get(entry.customerId)?.mergedInto))
    throw new IdentityRace('the customer was merged again');
  const claimed = moved.filter((entry) => fresh.has(entry.position));
  const claims = claimed.map(({ event, customerId }) => ({ ...event, customerId }));
  if (claims.length > 0) await moveMessageIds(tx, claims);
  return { customers, current };
}
