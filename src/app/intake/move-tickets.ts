import type { Tx } from '../../../db/client.ts';
import { type CustomerTicket, readTicketsByNumber } from '../../../db/tickets/tickets.ts';
import { EVENT } from '../../domain/event.ts';
import { isHeld, readTicket, type Ticket } from '../../domain/ticket.ts';
import { type Instant, iso } from '../../domain/time/time.ts';
import { isTicketEvent } from './account-echo.ts';
import type { BatchEntry } from './batch-entry.ts';

interface Report {
  entry: BatchEntry;
  ticket: Ticket;
}

/**
 * Finds the tickets that a help desk has given to another requester: an update or a close comes for a customer who
 * doesn't have the ticket, while one other customer has it open. It goes on from what was known of it, and its former
 * requester gets a `Ticket Moved`, so that it no longer silences them. An opening moves nothing: desks that count for
 * each customer alone use one number many times.
 *
 * @returns the entries, with one more at the end for each ticket that moved
 */
export async function moveTickets(
  tx: Tx,
  entries: BatchEntry[],
  workspaces: ReadonlyMap<string, { acceptedAt: Instant }>,
): Promise<BatchEntry[]> {
  const reports = entries.flatMap((entry) => {
    const ticket = readMovable(entry, workspaces.get(entry.event.workspace)?.acceptedAt);
    return ticket === undefined ? [] : [{ entry, ticket }];
  });
  if (reports.length === 0) return entries;
  const numbers = reports.map(({ entry, ticket }) => ({ workspace: entry.event.workspace, id: ticket.id }));
  const tickets = await readTicketsByNumber(tx, numbers);
  const moves = new Map<BatchEntry, Report & { former: CustomerTicket }>();
  for (const report of reports) {
    const former = findFormer(report, tickets);
    if (former !== undefined) moves.set(report.entry, { ...report, former });
  }
  const received = entries.map((entry) => {
    const move = moves.get(entry);
    return move === undefined ? entry : { ...entry, transferred: toTicket(move.former) };
  });
  return [...received, ...[...moves.values()].map((move, n) => buildMoved(move, entries.length + n))];
}

function readMovable({ event, bundle }: BatchEntry, acceptedAt: Instant | undefined): Ticket | undefined {
  if (event.historical || !isTicketEvent(event)) return undefined;
  if (event.name !== EVENT.ticketUpdated && event.name !== EVENT.ticketClosed) return undefined;
  const { at } = event;
  return readTicket({ ...event, seq: 0, acceptedAt: acceptedAt ?? at }, bundle?.workspace.tickets.status);
}

/** The one other customer who has the ticket open; undefined if this customer has it, or the report is older. */
function findFormer({ entry, ticket }: Report, tickets: readonly CustomerTicket[]) {
  const same = tickets.filter(
    (other) =>
      other.workspace === entry.event.workspace &&
      other.id === ticket.id &&
      other.source === ticket.source &&
      isHeld(other),
  );
  if (same.some(({ customerId }) => customerId === entry.customerId)) return undefined;
  const open = same.filter(({ status }) => status === 'open');
  const [former] = open;
  return open.length === 1 && former && former.version <= ticket.version ? former : undefined;
}

function toTicket(stored: CustomerTicket): Ticket {
  return { ...stored, ownerId: null };
}

function buildMoved(
  { entry, ticket, former }: Report & { former: CustomerTicket },
  position: number,
): BatchEntry {
  const { event } = entry;
  const { customerId, source, id } = former;
  const updated = iso(ticket.version);
  return {
    ...entry,
    customerId,
    origin: null,
    accountId: null,
    personKey: null,
    position,
    event: {
      workspace: event.workspace,
      customerId,
      messageId: `throughline/moved/${customerId}/${event.messageId}`,
      type: 'track',
      name: EVENT.ticketMoved,
      at: event.at,
      historical: false,
      source: event.source,
      properties: { ticket_id: id, source, updated_at: updated, customer_id: entry.customerId },
      traits: {},
      context: {},
    },
  };
}
