import type { JourneyEvent } from '../../src/domain/event.ts';
import type { Tx } from '../client.ts';

export type UnprocessedEvent = Pick<
  JourneyEvent,
  'seq' | 'name' | 'messageId' | 'at' | 'acceptedAt' | 'source' | 'properties'
> & {
  customerId: string;
};

/**
 * The unprocessed events of these customers in short form, at most `limit` each, without those that repeat a fact. Only ticket events have properties,
 * because the workflow applies them at once.
 */
export async function readUnprocessedEvents(
  tx: Tx,
  wakes: { customerId: string; processedSeq: number }[],
  limit: number,
): Promise<UnprocessedEvent[]> {
  return tx<UnprocessedEvent[]>`
    select e.customer_id as "customerId", e.seq, e.name, e.message_id as "messageId", e.source,
           (extract(epoch from e.at) * 1000)::bigint as at,
           (extract(epoch from e.accepted_at) * 1000)::bigint as "acceptedAt",
           case when e.name like 'Ticket %' then e.body -> 'properties' else '{}' end as properties
    from unnest(${wakes.map((w) => w.customerId)}::text[], ${wakes.map((w) => w.processedSeq)}::bigint[])
      as k(customer_id, took)
    cross join lateral (select * from events where customer_id = k.customer_id and seq > k.took
                        and repeats is null
                        order by seq limit ${limit}) e
    order by e.customer_id, e.seq`;
}
