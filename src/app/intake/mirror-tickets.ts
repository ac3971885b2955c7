import type { Tx } from '../../../db/client.ts';
import type { EventRow } from '../../../db/events/append-events.ts';
import { saveOutbox } from '../../../db/events/outbox.ts';
import { readSplitTickets } from '../../../db/tickets/split-tickets.ts';
import { readTicket, type Ticket } from '../../domain/ticket.ts';

/**
 * After an unmerge two customers hold a copy of the same ticket, while the help desk has one ticket and closes it once.
 * So every ticket event of one customer is mirrored to the other; otherwise the second copy would silence its customer
 * forever. The mirrored event leaves through the outbox, and a mirrored event isn't mirrored back.
 */
export async function mirrorTicketToSplitCustomer(tx: Tx, events: EventRow[]): Promise<void> {
  const updates = events
    .filter((row) => !row.repeats && !isMirrored(row))
    .flatMap((row) => {
      const ticket = readTicketOf(row);
      return ticket === undefined ? [] : [{ row, ticket }];
    });
  if (updates.length === 0) return;
  const splits = await readSplitTickets(
    tx,
    updates.map(({ row, ticket: { source, id } }) => ({ customerId: row.customerId, source, id })),
  );
  if (splits.length === 0) return;
  for (const { row, ticket } of updates) {
    for (const split of splits) {
      if (split.customerId !== row.customerId || split.ticketId !== ticket.id) continue;
      if (split.source !== ticket.source) continue;
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

function readTicketOf({ name, source, body }: EventRow): Ticket | undefined {
  if (!name.startsWith('Ticket ')) return undefined;
  const { properties } = body as { properties: Record<string, unknown> };
  return readTicket({ name, source, properties, at: 0, seq: 0 });
}
