import type { BundleCache } from '../../db/bundle-cache.ts';
import type { Database, Tx } from '../../db/client.ts';
import { saveAccounts } from '../../db/queries/accounts.ts';
import { appendConsents } from '../../db/queries/append-consents.ts';
import { appendEvents } from '../../db/queries/append-events.ts';
import { claimKey, claimMessageIds } from '../../db/queries/claim-message-ids.ts';
import { saveFanouts } from '../../db/queries/fanouts.ts';
import { lockWorkspaces, type WorkspaceLock } from '../../db/queries/lock-workspaces.ts';
import { saveMergesDue } from '../../db/queries/merges-due.ts';
import { passOver, raiseWakes } from '../../db/queries/raise-wakes.ts';
import { saveCustomers } from '../../db/queries/save-customers.ts';
import { readTickets, saveTickets } from '../../db/queries/tickets.ts';
import type { Bundle } from '../domain/definition.ts';
import { contactOf } from './contact.ts';
import { isTicket } from './echo.ts';
import { Folder } from './fold.ts';
import { bindNewcomers, type Discovery, resolveIdentities } from './identity.ts';
import type { IncomingEvent, Receipt } from './incoming.ts';
import { checkBound, lockRoots } from './roots.ts';
import { concernsSubjects, type Entry, Subjects } from './subjects.ts';
import { tellTwins } from './tell-twins.ts';

export interface Intake {
  db: Database;
  bundles: BundleCache;
  /** Key of the hashes by which a group of workspaces knows a person. Without it, nobody is known across workspaces. */
  secret?: string;
}

/** Something to be written with the events, under the same locks and in the same commit. */
export type Together = (tx: Tx) => Promise<void>;

export interface Accepted {
  receipts: Receipt[];
  /** Customers that the batch has found to be one. They are noted in the same commit. */
  discovered: Discovery[];
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
  together?: Together,
): Promise<Accepted> {
  const workspaces = await lockWorkspaces(tx, [...new Set(incoming.map((event) => event.workspace))].sort());
  const bundles = await readBundles(tx, intake, workspaces);
  const bundleOf = (event: IncomingEvent) => bundles.get(event.workspace) ?? null;
  const subjectsMatter = incoming.some((event) => concernsSubjects(event, bundleOf(event)));
  const { resolved, unbound, discovered } = await resolveIdentities(tx, incoming, subjectsMatter);
  const entries = incoming.map(
    (event, index): Entry => ({ ...(resolved[index] as Entry), event, bundle: bundleOf(event) }),
  );
  const subjects = await Subjects.lock(tx, entries, workspaces, intake.secret);
  await bindNewcomers(tx, unbound);

  const acceptedAt = Math.max(...[...workspaces.values()].map((w) => w.acceptedAt));
  const fresh = await claimFirst(tx, entries, acceptedAt);
  const bound = new Set(unbound.map((identity) => identity.customerId));
  const locking = new Set((together ? entries : fresh).map((entry) => entry.customerId));
  await checkBound(
    tx,
    [...bound].filter((id) => !locking.has(id)),
  );
  if (fresh.length === 0 && !together) return { receipts: entries.map(duplicate), discovered: [] };

  const { customers, refused } = await lockRoots(tx, together ? entries : fresh, fresh);
  const accepted = fresh.filter((entry) => !refused.has(entry));
  const folder = new Folder({
    customers,
    tickets: await ticketsOf(tx, accepted),
    subjects,
    acceptedAt,
    contactOf: (workspace, email) =>
      contactOf(intake.secret, workspaces.get(workspace)?.groupId ?? null, email),
  });
  const receipts = new Map<Entry, Receipt>();
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
async function claimFirst(tx: Tx, entries: Entry[], acceptedAt: number): Promise<Entry[]> {
  const first = new Map(entries.toReversed().map((entry) => [claimKey(entry.event), entry]));
  const claims = [...first.values()].map(({ event, customerId }) => ({ ...event, customerId }));
  const fresh = await claimMessageIds(tx, claims, new Date(acceptedAt));
  return entries.filter(
    (entry) => first.get(claimKey(entry.event)) === entry && fresh.has(claimKey(entry.event)),
  );
}

async function ticketsOf(tx: Tx, accepted: Entry[]) {
  const said = accepted.filter(({ event }) => isTicket(event));
  return said.length === 0 ? [] : readTickets(tx, [...new Set(said.map((entry) => entry.customerId))]);
}

async function write(tx: Tx, folder: Folder, discovered: Discovery[]): Promise<void> {
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
    waking.length > 0 && raiseWakes(tx, waking),
    passing.length > 0 && passOver(tx, passing),
  ]);
  if (changedTickets.length > 0) await tellTwins(tx, events);
}

function duplicate({ event, customerId }: Entry): Receipt {
  return { messageId: event.messageId, status: 'duplicate', customerId, seq: null };
}
