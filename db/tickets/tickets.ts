import type { Ticket } from '../../src/domain/ticket.ts';
import type { Tx } from '../client.ts';

/** A ticket as it is stored: with whom it silences beside its customer, as was known when it came. */
export type CustomerTicket = Omit<Ticket, 'ownerId'> & {
  customerId: string;
  workspace: string;
  accountId: string | null;
  personKey: string | null;
};

/** All tickets of these customers. */
export async function readTickets(tx: Tx, customerIds: string[]): Promise<CustomerTicket[]> {
  return tx<CustomerTicket[]>`
    select customer_id as "customerId", workspace, id, source, status, raw_status as "rawStatus", severity, subject,
           version, seq, opened_at as "openedAt", closed_at as "closedAt", quiet_until as "quietUntil", product,
           account_id as "accountId", person_key as "personKey"
    from tickets where customer_id = any(${customerIds}) order by customer_id, id`;
}

/** Writes tickets as folded (`newerTicket`). Their customers are locked; only a cool-down may be written meanwhile. */
export async function saveTickets(tx: Tx, tickets: CustomerTicket[]): Promise<void> {
  await tx`
    insert into tickets as k (customer_id, id, workspace, source, status, raw_status, severity, subject, version, seq,
                         opened_at, closed_at, quiet_until, product, account_id, person_key)
    select "customerId", id, workspace, source, status, "rawStatus", severity, subject, version, seq,
           "openedAt", "closedAt", "quietUntil", product, "accountId", "personKey"
    from json_to_recordset(${JSON.stringify(tickets)}::text::json) as t(
      "customerId" text, id text, workspace text, source text, status text, "rawStatus" text, severity text,
      subject text, version bigint, seq bigint, "openedAt" bigint, "closedAt" bigint, "quietUntil" bigint,
      product text, "accountId" text, "personKey" text)
    on conflict (customer_id, id) do update set
      source = excluded.source, status = excluded.status, raw_status = excluded.raw_status,
      severity = excluded.severity, subject = excluded.subject, version = excluded.version, seq = excluded.seq,
      opened_at = excluded.opened_at, closed_at = excluded.closed_at, product = excluded.product,
      account_id = excluded.account_id, person_key = excluded.person_key,
      -- A decision, which doesn't hold the customer's lock, may have begun the cool-down since this was read.
      quiet_until = case when k.status = 'closed' and excluded.status = 'closed'
        then coalesce(excluded.quiet_until, k.quiet_until) else excluded.quiet_until end`;
}
