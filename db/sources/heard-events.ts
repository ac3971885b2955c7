import type { Tx } from '../client.ts';

export interface HeardEvent {
  id: string;
  name: string;
  properties: Record<string, unknown>;
  traits: Record<string, unknown>;
  /** Whom it is about: an address, a number, a user id or another id, in this order; else the customer's id. */
  customer: string;
}

/** Events at most: a person reads them. */
const MOST = 50;

/** The first events that a source has sent since a time, oldest first. Message ids of a source begin with its id. */
export async function findHeardEvents(
  tx: Tx,
  { workspace, source, since }: { workspace: string; source: string; since: number },
): Promise<HeardEvent[]> {
  // Message ids have an index by time; the log has one by customer.
  return tx<HeardEvent[]>`
    with heard as (
      select distinct customer_id from message_ids
      where workspace = ${workspace} and accepted_at >= to_timestamp(${since / 1_000}::float8)
        and starts_with(message_id, ${`${source}:`})
      limit ${MOST}
    )
    select e.id, e.name, e.body -> 'properties' as properties, e.body -> 'traits' as traits,
      coalesce((
        select i.value from identities i where i.customer_id = e.customer_id
        order by array_position(array['email', 'phone', 'user', 'external', 'anon'], i.type), i.value limit 1
      ), e.customer_id) as customer
    from heard h join events e on e.customer_id = h.customer_id
    where e.workspace = ${workspace} and e.source = ${source}
      and e.accepted_at >= to_timestamp(${since / 1_000}::float8)
    order by e.accepted_at, e.seq limit ${MOST}`;
}

/** Why requests of a source were rejected since a time, the first of them. */
export async function findHeardRejections(
  tx: Tx,
  { workspace, source, since }: { workspace: string; source: string; since: number },
): Promise<{ id: string; reason: string }[]> {
  return tx<{ id: string; reason: string }[]>`
    select id, reason from rejected
    where workspace = ${workspace} and source = ${source} and at >= to_timestamp(${since / 1_000}::float8)
    order by at limit ${MOST}`;
}
