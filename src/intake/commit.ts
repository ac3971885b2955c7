import type { BundleCache } from '../../db/bundle-cache.ts';
import { type Database, isRetryable, type Tx } from '../../db/client.ts';
import { appendConsents } from '../../db/queries/append-consents.ts';
import { appendEvents } from '../../db/queries/append-events.ts';
import { claimKey, claimMessageIds } from '../../db/queries/claim-message-ids.ts';
import { lockCustomers } from '../../db/queries/lock-customers.ts';
import { lockWorkspaces } from '../../db/queries/lock-workspaces.ts';
import { passOver, raiseWakes } from '../../db/queries/raise-wakes.ts';
import { saveCustomers } from '../../db/queries/save-customers.ts';
import { readTickets, saveTickets } from '../../db/queries/tickets.ts';
import { ticketSaid } from '../domain/ticket.ts';
import { Folder } from './fold.ts';
import { IdentityRace, resolveIdentities } from './identity.ts';
import type { IncomingEvent, Receipt } from './incoming.ts';

export interface Intake {
  db: Database;
  bundles: BundleCache;
}

/** Something to be written with the events, under the same locks and in the same commit. */
export type Together = (tx: Tx) => Promise<void>;

const TRIES = 5;

/**
 * The accept transaction (design §3): resolve identities, take the message ids, lock the customers, count their
 * sequence numbers on, append, fold, raise the wakes. What it returns is committed.
 *
 * Everything is done in one order (workspaces, identities, message ids, customers, wakes), each sorted, so that
 * batches wait for one another but never in a circle; a deadlock with somebody else's order is tried again.
 */
export async function commitEvents(
  intake: Intake,
  incoming: IncomingEvent[],
  together?: Together,
): Promise<Receipt[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await intake.db.sql.begin((tx) => appendAll(tx, intake, incoming, together))) as Receipt[];
    } catch (error) {
      const again = isRetryable(error) || error instanceof IdentityRace;
      if (!again || attempt >= TRIES) throw error;
      // Two batches that ran into each other must not do so again in step.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * attempt));
    }
  }
}

/** The same inside a transaction of the caller's, who holds no lock of a later order yet. */
export async function appendAll(
  tx: Tx,
  intake: Intake,
  incoming: IncomingEvent[],
  together?: Together,
): Promise<Receipt[]> {
  const workspaces = await lockWorkspaces(tx, [...new Set(incoming.map((event) => event.workspace))].sort());
  const customerIds = await resolveIdentities(tx, incoming);
  const entries = incoming.map((event, index) => ({ event, customerId: customerIds[index] as string }));
  const first = new Map(entries.toReversed().map((entry) => [claimKey(entry.event), entry]));
  const acceptedAt = Math.max(...[...workspaces.values()].map((w) => w.acceptedAt));
  const claims = [...first.values()].map(({ event, customerId }) => ({ ...event, customerId }));
  const fresh = await claimMessageIds(tx, claims, new Date(acceptedAt));
  const accepted = entries.filter(
    (entry) => fresh.has(claimKey(entry.event)) && first.get(claimKey(entry.event)) === entry,
  );
  if (accepted.length === 0 && !together) return entries.map((entry) => duplicate(entry));

  const wanted = new Map(
    entries.map(({ event, customerId }) => [customerId, { id: customerId, workspace: event.workspace }]),
  );
  const customers = await lockCustomers(
    tx,
    [...wanted.values()].filter((c) => together || accepted.some((a) => a.customerId === c.id)),
  );
  const withTickets = accepted
    .filter(({ event }) => ticketSaid({ ...event, seq: 0 }))
    .map((a) => a.customerId);
  const tickets = withTickets.length > 0 ? await readTickets(tx, [...new Set(withTickets)]) : [];

  const folder = new Folder(customers, tickets, acceptedAt);
  const receipts = new Map<object, Receipt>();
  for (const entry of accepted) {
    const { event, customerId } = entry;
    const version = workspaces.get(event.workspace)?.configVersion ?? 0;
    const bundle = version > 0 ? await intake.bundles(tx, event.workspace, version) : null;
    const seq = folder.fold(event, customerId, bundle);
    receipts.set(entry, { messageId: event.messageId, status: 'accepted', customerId, seq });
  }
  const { events, rows, consents, changedTickets, waking, passing } = folder.result();
  await Promise.all([
    events.length > 0 && appendEvents(tx, events),
    rows.length > 0 && saveCustomers(tx, rows),
    changedTickets.length > 0 && saveTickets(tx, changedTickets),
    consents.length > 0 && appendConsents(tx, consents),
    waking.length > 0 && raiseWakes(tx, waking),
    passing.length > 0 && passOver(tx, passing),
  ]);
  await together?.(tx);
  return entries.map((entry) => receipts.get(entry) ?? duplicate(entry));
}

function duplicate({ event, customerId }: { event: IncomingEvent; customerId: string }): Receipt {
  return { messageId: event.messageId, status: 'duplicate', customerId, seq: null };
}
