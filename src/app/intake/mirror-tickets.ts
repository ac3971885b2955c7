import type { Tx } from '../../../db/client.ts';
import type { EventRow } from '../../../db/events/append-events.ts';
import { saveOutbox } from '../../../db/events/outbox.ts';
import { readSplitTickets } from '../../../db/tickets/split-tickets.ts';
import { readTicket } from '../../domain/ticket.ts';

/**
 * After an unmerge two customers hold a copy of the same ticket, while the help desk has one ticket and closes it once.
 * So every ticket event of one customer is mirrored to the other; otherwise the second copy would silence its customer
 * forever. The mirrored event leaves through the outbox, and a mirrored event isn't mirrored back.
 */
export async function mirrorTicketToSplitCustomer(tx: Tx, events: EventRow[]): Promise<void> {
  const updates = events
    .map((row) => ({ row, ticketId: readTicketId(row) }))
    .filter(({ row, ticketId }) => ticketId !== '' && !row.repeats && !isMirrored(row));
  if (updates.length === 0) return;
  const splits = await readSplitTickets(
    tx,
    updates.map(({ row, ticketId }) => ({ customerId: row.customerId, id: ticketId })),
  );
  if (splits.length === 0) return;
  for (const { row, ticketId } of updates) {
    for (const split of splits) {
      if (split.customerId !== row.customerId || split.ticketId !== ticketId) continue;
      const { name, source, workspace } = row;
      const { properties } = row.body as { properties: Record<string, unknown> };
      await saveOutbox(tx, { workspace, customerId: split.otherCustomerId }, [
        {
          messageId: `${row.id}/${split.otherCustomerId}`,
          type: 'track',
          name,
          source,
          // The mirrored event keeps the version of the original, whenever it arrives.
          properties: { updated_at: row.at, ...properties },
          traits: {},
        },
      ]);
    }
  }
}

/** Mirrored events carry the id of the original event in their message id. */
function isMirrored(row: EventRow): boolean {
  return row.messageId.startsWith('evt_');
}

function readTicketId({ name, source, body }: EventRow): string {
  if (!name.startsWith('Ticket ')) return '';
  const { properties } = body as { properties: Record<string, unknown> };
  return readTicket({ name, source, properties, at: 0, seq: 0 })?.id ?? '';
}
