import type postgres from 'postgres';
import type { JourneyEvent } from '../../src/domain/event.ts';
import type { Tx } from '../client.ts';
import { acceptedRecently } from '../partitions/recent.ts';

type Fragment = postgres.Fragment;

export type UnprocessedEvent = Pick<
  JourneyEvent,
  'seq' | 'name' | 'messageId' | 'at' | 'acceptedAt' | 'source' | 'properties'
> & {
  customerId: string;
};

/**
 * The unprocessed events of these customers in short form, at most `limit` each, without those that repeat a fact. Only ticket events have properties,
 * because the workflow applies them at once. Of customers with events of the last week, older ones may be missing: what
 * is decided is read by `readFacts`.
 */
export async function readUnprocessedEvents(
  tx: Tx,
  wakes: UnprocessedWake[],
  limit: number,
): Promise<UnprocessedEvent[]> {
  const recent = await readWithin(tx, wakes, limit, acceptedRecently(tx));
  const found = new Set(recent.map(({ customerId }) => customerId));
  const others = wakes.filter(({ customerId }) => !found.has(customerId));
  if (others.length === 0) return recent;
  return [...recent, ...(await readWithin(tx, others, limit, hasUnprocessed(tx)))];
}

/** Most of the others are to be checked without an event: their logs are not searched. */
const hasUnprocessed = (tx: Tx): Fragment =>
  tx`(select c.seq from customers c where c.id = k.customer_id) > k.took`;

interface UnprocessedWake {
  customerId: string;
  processedSeq: number;
}

/** The arrays are subqueries, so that Postgres keeps one plan and does not plan for the length of each call's. */
async function readWithin(
  tx: Tx,
  wakes: UnprocessedWake[],
  limit: number,
  within: Fragment,
): Promise<UnprocessedEvent[]> {
  return tx<UnprocessedEvent[]>`
    select e.customer_id as "customerId", e.seq, e.name, e.message_id as "messageId", e.source,
           (extract(epoch from e.at) * 1000)::bigint as at,
           (extract(epoch from e.accepted_at) * 1000)::bigint as "acceptedAt",
           case when e.name like 'Ticket %' then e.body -> 'properties' else '{}' end as properties
    from unnest((select ${wakes.map((w) => w.customerId)}::text[]), (select ${wakes.map((w) => w.processedSeq)}::bigint[]))
      as k(customer_id, took)
    cross join lateral (select * from events e where customer_id = k.customer_id and seq > k.took
                        and repeats is null and ${within}
                        order by seq limit ${limit}) e
    order by e.customer_id, e.seq`;
}
