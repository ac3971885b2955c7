import type { Tx } from '../client.ts';

/**
 * Requests a check of every journey, though the logs have no new event. The relay signals the journeys until a decision
 * has looked: at effects that ended without an event, or at a workflow that is missing or behind.
 *
 * Each request counts, also beside a pending one: a decision that has read its facts already hasn't done this one.
 */
export async function requestAllChecks(tx: Tx): Promise<void> {
  await tx`
    insert into wakes as w (customer_id, workspace, requested_seq, processed_seq, checks_requested)
    select c.id, c.workspace, j.processed_seq, j.processed_seq, 1
    from customers c join journeys j on j.customer_id = c.id
    where c.merged_into is null and c.erased_at is null order by c.id
    on conflict (customer_id) do update set checks_requested = w.checks_requested + 1`;
}
