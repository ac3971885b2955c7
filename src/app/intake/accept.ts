import { saveAccounts } from '../../../db/accounts/accounts.ts';
import { saveFanouts } from '../../../db/accounts/fanouts.ts';
import type { Database, Tx } from '../../../db/client.ts';
import type { BundleCache } from '../../../db/config/bundle-cache.ts';
import { lockWorkspaces, type WorkspaceLock } from '../../../db/config/lock-workspaces.ts';
import { appendConsents } from '../../../db/customers/append-consents.ts';
import { readConsentsOf } from '../../../db/customers/read-consents.ts';
import { readStatements } from '../../../db/customers/read-statements.ts';
import { saveCustomers } from '../../../db/customers/save-customers.ts';
import { appendEvents } from '../../../db/events/append-events.ts';
import { saveKnownFacts } from '../../../db/events/known-facts.ts';
import { addNoteCounts } from '../../../db/events/note-counts.ts';
import { saveMergesDue } from '../../../db/identity/merges-due.ts';
import { forRows, runInLockOrder } from '../../../db/locks/lock-order.ts';
import { readReportedTickets, saveTickets } from '../../../db/tickets/tickets.ts';
import { requestWakes, skipEvents } from '../../../db/wakes/request-wakes.ts';
import type { Consent } from '../../domain/customer/consent.ts';
import type { ConsentMemory } from '../../domain/customer/consent-memory.ts';
import { readPhoneKey } from '../../domain/customer/phone-number.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { Note } from '../../domain/note.ts';
import { readTicketId } from '../../domain/ticket.ts';
import { toDate } from '../../domain/time/time.ts';
import { findCrowdedAddresses, noteSharedIds } from '../identity/note-shared-ids.ts';
import { computePersonKey } from '../identity/person-key.ts';
import {
  bindNewIdentities,
  type DiscoveredMerge,
  resolveIdentities,
} from '../identity/resolve-identities.ts';
import type { InSameTransaction } from '../in-same-transaction.ts';
import { isTicketEvent } from './account-echo.ts';
import type { BatchEntry } from './batch-entry.ts';
import { BatchFold, mayStateConsent } from './batch-fold.ts';
import { claimMessages } from './claim-messages.ts';
import {
  hasUnprovenIdentities,
  refuseGuardedEvents,
  refuseUnprovenIdentities,
  withholdAccount,
} from './guard-browser-keys.ts';
import type { IncomingEvent, Receipt } from './incoming-event.ts';
import { KnownFacts } from './known-facts.ts';
import { liftUnsubscribes } from './lift-unsubscribes.ts';
import { checkBoundCustomers, lockCurrentCustomers } from './lock-customers.ts';
import { LockedSubjects, needsSubjects, readNamedCustomers } from './locked-subjects.ts';
import { mirrorTicketToSplitCustomer } from './mirror-tickets.ts';
import { moveTickets } from './move-tickets.ts';

export interface Intake {
  db: Database;
  bundles: BundleCache;
  /** Key of the hashes that identify a person across a group's workspaces. Without it, they share no person. */
  secret?: string;
  /** The secret before: the suppression list has addresses that were put on it under that one. */
  previousSecret?: string | null;
  log?: { warn(details: object, message: string): void };
  /** Called for each event that was put on the list of rejected events, after the commit. */
  onRejected?(rejection: { workspace: string; code: string }): void;
}

export interface AcceptResult {
  /** One per event, in the order of the batch. */
  receipts: Receipt[];
  /** Pairs of customers that the batch has identified as one. They are recorded in the same commit. */
  discovered: DiscoveredMerge[];
}

/**
 * Accepts a batch of events in the caller's transaction: resolves whose they are, drops duplicates by message id,
 * gives each a sequence number in its customer's log, recognises repeated facts, folds it into the profile and requests
 * wakes.
 *
 * Locks are taken in the order of `LOCK_ORDER`, and the rows of each class sorted by key. So batches wait for one
 * another but never in a circle. The caller retries after a deadlock with any other statement (`retryTransaction`).
 *
 * @throws IdentityRace when another transaction changed whose an identity is: the whole batch is to be retried
 * @throws RefusedEvents when events are refused for what they say: the batch is to be retried without them
 */
export async function accept(
  tx: Tx,
  intake: Intake,
  incoming: IncomingEvent[],
  inSameTransaction?: InSameTransaction<Receipt[]>,
): Promise<AcceptResult> {
  const workspaces = await lockWorkspaces(tx, [...new Set(incoming.map((event) => event.workspace))].sort());
  const { entries, unbound, discovered, extended, shares, claims } = await resolveBatch(
    tx,
    intake,
    incoming,
    workspaces,
  );
  const subjects = await LockedSubjects.lock(tx, entries, workspaces, intake.secret);
  await bindNewIdentities(tx, unbound);
  const sharedIds = await noteSharedIds(tx, incoming, { extended, shares });
  const crowded = await findCrowdedAddresses(tx, claims);

  const acceptedAt = Math.max(...[...workspaces.values()].map((workspace) => workspace.acceptedAt));
  const fresh = await claimMessages(tx, entries, toDate(acceptedAt));
  const toLock = inSameTransaction ? entries : fresh;
  const lockedNext = new Set(toLock.map((entry) => entry.customerId));
  const bound = new Set(unbound.map((identity) => identity.customerId));
  await checkBoundCustomers(
    tx,
    [...bound].filter((id) => !lockedNext.has(id)),
  );
  const ownReceipts = (receipts: Receipt[]) => receipts.slice(0, incoming.length);
  if (fresh.length === 0 && !inSameTransaction)
    return { receipts: ownReceipts(entries.map(toDuplicate)), discovered: [] };

  const freshPositions = new Set(fresh.map((entry) => entry.position));
  const { customers, current, rejected } = await lockCurrentCustomers(tx, toLock, freshPositions);
  const accepted = current
    .filter((entry) => freshPositions.has(entry.position) && !rejected.has(entry))
    .map((entry) => withholdAddresses(entry, crowded.get(entry.position)))
    .map((entry) => addNote(entry, sharedIds.get(entry.position)));
  const [tickets, facts, statements, consents] = await Promise.all([
    readTicketsOf(tx, accepted),
    KnownFacts.read(tx, accepted, acceptedAt),
    readStatementsOfDevices(tx, accepted, customers),
    readConsentsBefore(tx, accepted),
  ]);
  const fold = new BatchFold({
    customers,
    tickets,
    subjects,
    facts,
    statements,
    consents,
    acceptedAt,
    computePersonKey: (workspace, email) =>
      computePersonKey(intake.secret, workspaces.get(workspace)?.groupId ?? null, email),
  });
  const receipts = entries.map(toDuplicate);
  for (const entry of current) receipts[entry.position] = toDuplicate(entry);
  for (const entry of accepted) receipts[entry.position] = toAccepted(entry, fold.add(entry));
  for (const entry of rejected) receipts[entry.position] = toRejected(entry);
  await writeBatch(tx, fold, discovered);
  await liftUnsubscribes(tx, intake, accepted);
  const own = ownReceipts(receipts);
  await inSameTransaction?.(tx, own);
  return { receipts: own, discovered };
}

/** Determines customer, account and person of each event, before anything is locked but the workspaces. */
async function resolveBatch(
  tx: Tx,
  intake: Intake,
  incoming: IncomingEvent[],
  workspaces: Map<string, WorkspaceLock>,
) {
  const bundles = await readBundles(tx, intake, workspaces);
  const bundleOf = (event: IncomingEvent) => bundles.get(event.workspace) ?? null;
  refuseGuardedEvents(incoming, bundleOf);
  const events = incoming.map((event) => withholdAccount(readPhone(event, bundleOf(event)), bundleOf(event)));
  const withSubjects = events.some((event) => needsSubjects(event, bundleOf(event)));
  const isUnproven = (event: IncomingEvent) => hasUnprovenIdentities(event, bundleOf(event));
  const { resolved, refused, ...found } = await resolveIdentities(tx, events, withSubjects, isUnproven);
  refuseUnprovenIdentities(refused);
  const entries = resolved.map((customer, position): BatchEntry => {
    const event = events[position] as IncomingEvent;
    return { ...customer, position, event, bundle: bundleOf(event) };
  });
  const withMoves = await moveTickets(tx, entries, workspaces);
  return { entries: withSubjects ? await readNamedCustomers(tx, withMoves) : withMoves, ...found };
}

/** Reads a national phone number as one of the workspace's country, which senders' parsers do not know. */
function readPhone(event: IncomingEvent, bundle: Bundle | null): IncomingEvent {
  const country = bundle?.workspace.country;
  if (event.phone === undefined || country === undefined) return event;
  const phone = readPhoneKey(event.phone, country);
  return phone === undefined || phone === event.phone ? event : { ...event, phone };
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

async function readTicketsOf(tx: Tx, accepted: BatchEntry[]) {
  const reported = accepted.flatMap(({ event, customerId }) => {
    const id = isTicketEvent(event) ? readTicketId(event.properties) : undefined;
    return id === undefined ? [] : [{ customerId, id }];
  });
  return reported.length === 0 ? [] : readReportedTickets(tx, reported);
}

/** What the devices of a batch have said about consent as customers who are not locked. */
async function readStatementsOfDevices(
  tx: Tx,
  accepted: BatchEntry[],
  locked: ReadonlyMap<string, unknown>,
): Promise<Map<string, ConsentMemory>> {
  const owners = accepted.flatMap(({ event, deviceOwner }) =>
    deviceOwner !== null && !locked.has(deviceOwner) && mayStateConsent(event) ? [deviceOwner] : [],
  );
  return owners.length === 0 ? new Map() : readStatements(tx, [...new Set(owners)]);
}

/** The consents of customers about whom a browser key may state some. */
async function readConsentsBefore(tx: Tx, accepted: BatchEntry[]): Promise<Map<string, Consent[]>> {
  const stated = accepted.filter(({ event }) => event.fromBrowser && mayStateConsent(event));
  return stated.length === 0
    ? new Map()
    : readConsentsOf(tx, [...new Set(stated.map((entry) => entry.customerId))]);
}

async function writeBatch(tx: Tx, fold: BatchFold, discovered: DiscoveredMerge[]): Promise<void> {
  const result = fold.result();
  const { events, rows, consents, changedTickets, changedAccounts, fanouts, waking, passing } = result;
  await runInLockOrder({
    events: forRows(events, () => appendEvents(tx, events)),
    knownFacts: forRows(result.changedFacts, () => saveKnownFacts(tx, result.changedFacts)),
    profiles: forRows(rows, () => saveCustomers(tx, rows)),
    accountTraits: forRows(changedAccounts, () => saveAccounts(tx, changedAccounts)),
    tickets: forRows(changedTickets, () => saveTickets(tx, changedTickets)),
    consents: forRows(consents, () => appendConsents(tx, consents)),
    fanouts: forRows(fanouts, () => saveFanouts(tx, fanouts)),
    mergesDue: forRows(discovered, () => saveMergesDue(tx, discovered)),
    wakes: forRows(waking, () => requestWakes(tx, waking)),
    skippedWakes: forRows(passing, () => skipEvents(tx, passing)),
    noteCounts: forRows(result.noteCounts, () => addNoteCounts(tx, result.noteCounts)),
  });
  if (changedTickets.length > 0) await mirrorTicketToSplitCustomer(tx, events);
}

/** Addresses that too many visitors have stated count for no further one, like those of another customer. */
function withholdAddresses(entry: BatchEntry, crowded: ('email' | 'phone')[] = []): BatchEntry {
  const { unproven } = entry;
  if (!unproven || crowded.length === 0) return entry;
  return { ...entry, unproven: { ...unproven, foreign: [...unproven.foreign, ...crowded] } };
}

function addNote(entry: BatchEntry, note: Note | undefined): BatchEntry {
  if (!note) return entry;
  return { ...entry, event: { ...entry.event, notes: [...(entry.event.notes ?? []), note] } };
}

function toAccepted({ event, customerId }: BatchEntry, seq: number): Receipt {
  return { messageId: event.messageId, status: 'accepted', customerId, seq };
}

function toDuplicate({ event, customerId }: BatchEntry): Receipt {
  return { messageId: event.messageId, status: 'duplicate', customerId, seq: null };
}

function toRejected({ event }: BatchEntry): Receipt {
  return { messageId: event.messageId, status: 'rejected', customerId: null, seq: null };
}
