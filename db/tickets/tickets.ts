import type { Tx } from '../client.ts';
import { insertRows, overwrite, type Row, selectColumns } from '../columns.ts';
import { tickets } from '../schema.ts';

/** What a newer version of a ticket overwrites. The cool-down is not among it. */
const VERSIONED = [
  'status',
  'rawStatus',
  'severity',
  'subject',
  'version',
  'seq',
  'openedAt',
  'closedAt',
  'product',
  'stated',
  'accountId',
  'personKey',
] as const;

export const TICKET_COLUMNS = [
  'customerId',
  'source',
  'id',
  'workspace',
  ...VERSIONED,
  'quietUntil',
] as const;

/** A ticket with the account and the person that it also suppresses, as of its last event. */
export type CustomerTicket = Omit<StoredTicket, 'stated'> & Partial<Pick<StoredTicket, 'stated'>>;

type StoredTicket = Row<typeof tickets, (typeof TICKET_COLUMNS)[number]>;

/** Those of the tickets of these customers that have one of these numbers. */
export async function readReportedTickets(
  tx: Tx,
  reported: { customerId: string; id: string }[],
): Promise<CustomerTicket[]> {
  return tx<CustomerTicket[]>`
    select ${selectColumns(tx, tickets, TICKET_COLUMNS)}
    from tickets where (customer_id, id) in (
      select * from unnest(${reported.map((r) => r.customerId)}::text[], ${reported.map((r) => r.id)}::text[]))
    order by customer_id, source, id`;
}

/** All tickets of these customers. */
export async function readTickets(tx: Tx, customerIds: string[]): Promise<CustomerTicket[]> {
  return tx<CustomerTicket[]>`
    select ${selectColumns(tx, tickets, TICKET_COLUMNS)}
    from tickets where customer_id = any(${customerIds}) order by customer_id, source, id`;
}

/**
 * Writes folded tickets. Their customers are locked, but a decision does not hold that lock: it may have begun a
 * cool-down since the ticket was read, which stays.
 */
export async function saveTickets(tx: Tx, rows: CustomerTicket[]): Promise<void> {
  await tx`
    ${insertRows(tx, tickets, TICKET_COLUMNS, rows as StoredTicket[])}
    on conflict (customer_id, source, id) do update set ${overwrite(tx, tickets, VERSIONED)},
      quiet_until = case when tickets.status = 'closed' and excluded.status = 'closed'
        then coalesce(excluded.quiet_until, tickets.quiet_until) else excluded.quiet_until end`;
}

/** The tickets with these numbers that any customer of their workspace has, as last committed. */
export async function readTicketsByNumber(
  tx: Tx,
  numbers: { workspace: string; id: string }[],
): Promise<CustomerTicket[]> {
  return tx<CustomerTicket[]>`
    select ${selectColumns(tx, tickets, TICKET_COLUMNS)}
    from tickets where (workspace, id) in (
      select * from unnest(${numbers.map((n) => n.workspace)}::text[], ${numbers.map((n) => n.id)}::text[]))
    order by customer_id, source, id`;
}
