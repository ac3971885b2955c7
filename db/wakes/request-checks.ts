import type { Tx } from '../client.ts';

/**
 * Requests that the journeys of these customers are checked, though their logs have no new event. The relay signals
 * them until a decision has looked: at effects that ended without an event, or at a workflow that is missing or behind.
 */
export async function requestChecks(tx: Tx, customerIds: string[]): Promise<void> {
  if (customerIds.length > 0) await request(tx, tx`c.id = any(${customerIds})`);
}

/** Requests a check of every journey. */
export async function requestAllChecks(tx: Tx): Promise<void> {
  await request(tx, tx`j.customer_id is not null`);
}

/** Each request counts, also beside a pending one: a decision that has read its facts already hasn't done this one. */
async function request(tx: Tx, condition: ReturnType<Tx>): Promise<void> {
  await tx`
    insert into wakes as w (customer_id, workspace, requested_seq, processed_seq, checks_requested)
    select c.id, c.workspace, coalesce(j.processed_seq, 0), coalesce(j.processed_seq, 0), 1
    from customers c left join journeys j on j.customer_id = c.id
    where c.merged_into is null and c.erased_at is null and ${condition} order by c.id
    on conflict (customer_id) do update set checks_requested = w.checks_requested + 1`;
}
