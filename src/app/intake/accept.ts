import { saveAccounts } from '../../../db/accounts/accounts.ts';
import { saveFanouts } from '../../../db/accounts/fanouts.ts';
import type { Database, Tx } from '../../../db/client.ts';
import type { BundleCache } from '../../../db/config/bundle-cache.ts';
import { lockWorkspaces, type WorkspaceLock } from '../../../db/config/lock-workspaces.ts';
import { appendConsents } from '../../../db/customers/append-consents.ts';
import { saveCustomers } from '../../../db/customers/save-customers.ts';
import { appendEvents } from '../../../db/events/append-events.ts';
import { claimKey, claimMessageIds } from '../../../db/events/message-ids.ts';
import { saveMergesDue } from '../../../db/identity/merges-due.ts';
import { readTickets, saveTickets } from '../../../db/tickets/tickets.ts';
import { requestWakes, skipEvents } from '../../../db/wakes/request-wakes.ts';
import type { Bundle } from '../../domain/definition.ts';
import { computePersonKey } from '../identity/person-key.ts';
import { bindNewcomers, type DiscoveredMerge, resolveIdentities } from '../identity/resolve-identities.ts';
import { isTicketEvent } from './account-echo.ts';
import { BatchFold } from './batch-fold.ts';
import type { IncomingEvent, Receipt } from './incoming-event.ts';
import { checkBoundCustomers, lockCurrentCustomers } from './lock-customers.ts';
import { type BatchEntry, LockedSubjects, needsSubjects } from './locked-subjects.ts';
import { mirrorTicketToSplitCustomer } from './mirror-tickets.ts';

export interface Intake {
  db: Database;
  bundles: BundleCache;
  /** Key of the hashes by which a group of workspaces knows a person. Without it, nobody is known across workspaces. */
  secret?: string;
}

/** Something to be written with the events, under the same locks and in the same commit. */
export type InSameTransaction = (tx: Tx) => Promise<void>;

export interface AcceptResult {
  receipts: Receipt[];
  /** Customers that the batch has found to be one. They are noted in the same commit. */
  discovered: DiscoveredMerge[];
}

/**
 * The accept transaction (design §3): resolve identities, lock accounts, bind newcomers, take the message ids, lock
 * the customers, count their sequence numbers on, append, fold, raise the wakes.
 *
 * Everything is done in one order (workspaces, accounts and shared subjects, identities, message ids, customers,
 * wakes), each sorted, so that batches wait for one another but never in a circle; a deadlock with somebody else's
 * order is tried again.
 */
export async function accept(
  tx: Tx,
  intake: Intake,
  incoming: IncomingEvent[],
  together?: InSameTransaction,
): Promise<AcceptResult> {
  const workspaces = await lockWorkspaces(tx, [...new Set(incoming.map((event) => event.workspace))].sort());
  const bundles = await readBundles(tx, intake, workspaces);
  const bundleOf = (event: IncomingEvent) => bundles.get(event.workspace) ?? null;
  const subjectsMatter = incoming.some((event) => needsSubjects(event, bundleOf(event)));
  const { resolved, unbound, discovered } = await resolveIdentities(tx, incoming, subjectsMatter);
  const entries = incoming.map(
    (event, index): BatchEntry => ({ ...(resolved[index] as BatchEntry), event, bundle: bundleOf(event) }),
  );
  const subjects = await LockedSubjects.lock(tx, entries, workspaces, intake.secret);
  await bindNewcomers(tx, unbound);

  const acceptedAt = Math.max(...[...workspaces.values()].map((w) => w.acceptedAt));
  const fresh = await claimFirst(tx, entries, acceptedAt);
  const bound = new Set(unbound.map((identity) => identity.customerId));
  const locking = new Set((together ? entries : fresh).map((entry) => entry.customerId));
  await checkBoundCustomers(
    tx,
    [...bound].filter((id) => !locking.has(id)),
  );
  if (fresh.length === 0 && !together) return { receipts: entries.map(duplicate), discovered: [] };

  const { customers, refused } = await lockCurrentCustomers(tx, together ? entries : fresh, fresh);
  const accepted = fresh.filter((entry) => !refused.has(entry));
  const folder = new BatchFold({
    customers,
    tickets: await ticketsOf(tx, accepted),
    subjects,
    acceptedAt,
    computePersonKey: (workspace, email) =>
      computePersonKey(intake.secret, workspaces.get(workspace)?.groupId ?? null, email),
  });
  const receipts = new Map<BatchEntry, Receipt>();
  for (const entry of accepted) {
    const { customerId, event } = entry;
    receipts.set(entry, {
      messageId: event.messageId,
      status: 'accepted',
      customerId,
      seq: folder.fold(entry),
    });
  }
  for (const entry of refused) {
    const { messageId } = entry.event;
    receipts.set(entry, { messageId, status: 'rejected', customerId: null, seq: null });
  }
  await write(tx, folder, discovered);
  await together?.(tx);
  return { receipts: entries.map((entry) => receipts.get(entry) ?? duplicate(entry)), discovered };
}

async function readBundles(
  tx: Tx,
  intake: Intake,
  workspaces: Map<string, WorkspaceLock>,
): Promise<Map<string, Bundle>> {
  const bundles = new Map<string, Bundle>();
  for (const { id, configVersion } of workspaces.values())
    if (configVersion > 0) bundles.set(id, await intake.bundles(tx, id, configVersion));
  return bundles;
}

/** Takes the batch's message ids. Those entries whose id nobody has taken before, each id once. */
async function claimFirst(tx: Tx, entries: BatchEntry[], acceptedAt: number): Promise<BatchEntry[]> {
  const first = new Map(entries.toReversed().map((entry) => [claimKey(entry.event), entry]));
  const claims = [...first.values()].map(({ event, customerId }) => ({ ...event, customerId }));
  const fresh = await claimMessageIds(tx, claims, new Date(acceptedAt));
  return entries.filter(
    (entry) => first.get(claimKey(entry.event)) === entry && fresh.has(claimKey(entry.event)),
  );
}

async function ticketsOf(tx: Tx, accepted: BatchEntry[]) {
  const said = accepted.filter(({ event }) => isTicketEvent(event));
  return said.length === 0 ? [] : readTickets(tx, [...new Set(said.map((entry) => entry.customerId))]);
}

async function write(tx: Tx, folder: BatchFold, discovered: DiscoveredMerge[]): Promise<void> {
  const { events, rows, consents, changedTickets, changedAccounts, fanouts, waking, passing } =
    folder.result();
  await Promise.all([
    events.length > 0 && appendEvents(tx, events),
    rows.length > 0 && saveCustomers(tx, rows),
    changedAccounts.length > 0 && saveAccounts(tx, changedAccounts),
    changedTickets.length > 0 && saveTickets(tx, changedTickets),
    consents.length > 0 && appendConsents(tx, consents),
    fanouts.length > 0 && saveFanouts(tx, fanouts),
    discovered.length > 0 && saveMergesDue(tx, discovered),
    waking.length > 0 && requestWakes(tx, waking),
    passing.length > 0 && skipEvents(tx, passing),
  ]);
  if (changedTickets.length > 0) await mirrorTicketToSplitCustomer(tx, events);
}

function duplicate({ event, customerId }: BatchEntry): Receipt {
  return { messageId: event.messageId, status: 'duplicate', customerId, seq: null };
}
