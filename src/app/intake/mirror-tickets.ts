import type { Tx } from '../../../db/client.ts';
import type { EventRow } from '../../../db/events/append-events.ts';
import { saveOutbox } from '../../../db/events/outbox.ts';
import { readSplitTickets } from '../../../db/tickets/split-tickets.ts';
import { readTicket } from '../../domain/ticket.ts';

/**
 * Tells the other side of an unmerge what is said of a ticket that both have a copy of: the help desk knows one ticket,
 * and closes it once. Without it the other copy would silence for ever. What was told so isn't told back.
 */
export async function mirrorTicketToSplitCustomer(tx: Tx, events: EventRow[]): Promise<void> {
  const said = events.filter(isFirstHand).map((row) => ({ row, id: ticketIdOf(row) }));
  const tickets = said.map(({ row, id }) => ({ customerId: row.customerId, id }));
  if (tickets.length === 0) return;
  const twins = await readSplitTickets(tx, tickets);
  for (const { row, id } of twins.length > 0 ? said : []) {
    for (const { otherCustomerId: twin } of twins.filter(
      (t) => t.customerId === row.customerId && t.ticketId === id,
    )) {
      const { properties } = row.body as { properties: Record<string, unknown> };
      // Its version is that of the first telling, whenever this one arrives.
      const told = { updated_at: row.at, ...properties };
      const messageId = `${row.id}/${twin}`;
      const { name, source, workspace } = row;
      await saveOutbox(tx, { workspace, customerId: twin }, [
        { messageId, type: 'track', name, source, properties: told, traits: {} },
      ]);
    }
  }
}

function isFirstHand(row: EventRow): boolean {
  return row.name.startsWith('Ticket ') && !row.messageId.startsWith('evt_') && ticketIdOf(row) !== '';
}

function ticketIdOf({ name, source, body }: EventRow): string {
  const { properties } = body as { properties: Record<string, unknown> };
  return readTicket({ name, source, properties, at: 0, seq: 0 })?.id ?? '';
}
