import type { Tx } from '../client.ts';

export interface LeasedWake {
  customerId: string;
  workspace: string;
  processedSeq: number;
  /** Leases before this one since something was taken. */
  tries: number;
}

/**
 * Takes up to `limit` customers who have something to take, for `seconds`. Nothing is marked as done: what isn't
 * taken until the lease has lapsed is leased and signalled again.
 */
export async function leaseWakes(tx: Tx, limit: number, seconds: number): Promise<LeasedWake[]> {
  return tx<LeasedWake[]>`
    update wakes w set lease_until = clock_timestamp() + ${seconds} * interval '1 second', tries = w.tries + 1
    from (select customer_id from wakes
          where requested_seq > processed_seq and (lease_until is null or lease_until < clock_timestamp())
          order by lease_until nulls first limit ${limit} for update skip locked) pending
    where w.customer_id = pending.customer_id
    returning w.customer_id as "customerId", w.workspace, w.processed_seq as "processedSeq", w.tries - 1 as tries`;
}

/**
 * Customers whose wake-up is overdue by the wall clock, or whose effects nobody has begun: their workflow is gone or
 * lags; and those parked under a bundle that is no longer active, for whom an edit may have changed everything.
 * Leased like the others.
 */
export async function leaseOverdueWakes(
  tx: Tx,
  limit: number,
  seconds: number,
  before: number,
): Promise<LeasedWake[]> {
  return tx<LeasedWake[]>`
    update wakes w set lease_until = clock_timestamp() + ${seconds} * interval '1 second'
    from (select k.customer_id from wakes k
          join (select customer_id from journeys where wake_at < ${before}
                union
                select j.customer_id from journeys j join workspaces s on s.id = j.workspace
                where j.bundle_version < s.config_version and j.state -> 'enrollments' <> '[]'
                union
                select customer_id from deliveries where state = 'planned' and at < ${before}
                  and updated_at < clock_timestamp() - interval '1 minute'
                union
                select customer_id from agent_tasks where state = 'planned'
                  and updated_at < clock_timestamp() - interval '1 minute') late using (customer_id)
          where k.lease_until is null or k.lease_until < clock_timestamp()
          limit ${limit} for update of k skip locked) overdue
    where w.customer_id = overdue.customer_id
    returning w.customer_id as "customerId", w.workspace, w.processed_seq as "processedSeq", 1 as tries`;
}

/** Keeps the relay from signalling what the workflow is about to learn by itself, as an effect's result. */
export async function delayWake(tx: Tx, customerId: string, seconds: number): Promise<void> {
  await tx`
    update wakes set lease_until = greatest(lease_until, clock_timestamp() + ${seconds} * interval '1 second')
    where customer_id = ${customerId}`;
}
