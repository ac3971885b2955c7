import { SIGNAL_SOURCE } from '../../src/domain/ticket.ts';
import type { Tx } from '../client.ts';

/** A ticket of which another customer has a copy since an unmerge. */
export interface SplitTicket {
  customerId: string;
  ticketId: string;
  source: string;
  otherCustomerId: string;
}

/** Finds the copies of these tickets that the other customer of an unmerge has. */
export async function readSplitTickets(
  tx: Tx,
  tickets: { customerId: string; source: string; id: string }[],
): Promise<SplitTicket[]> {
  const customers = tickets.map((t) => t.customerId);
  const sources = tickets.map((t) => t.source);
  const ids = tickets.map((t) => t.id);
  return tx<SplitTicket[]>`
    with parted as (
      select t.c, t.s, t.i, m.unmerged_into as other
      from unnest(${customers}::text[], ${sources}::text[], ${ids}::text[]) as t(c, s, i)
      join merges m on m.unmerged_from = t.c
      union
      select t.c, t.s, t.i, m.unmerged_from
      from unnest(${customers}::text[], ${sources}::text[], ${ids}::text[]) as t(c, s, i)
      join merges m on m.unmerged_into = t.c
    )
    select p.c as "customerId", p.i as "ticketId", p.s as source, r.id as "otherCustomerId"
    from parted p
    join customers o on o.id = p.other
    join customers r on r.id = coalesce(o.merged_into, o.id) and r.erased_at is null and r.id <> p.c
    join tickets k on k.customer_id = r.id and k.id = p.i
      and (k.source = p.s or p.s = ${SIGNAL_SOURCE})
    order by 1, 2, 3, 4`;
}
