import type { Tx } from '../client.ts';

export interface LeasedWake {
  customerId: string;
  workspace: string;
  processedSeq: number;
  /** Leases before this one since the journey last processed events. */
  tries: number;
}

/**
 * Leases up to `limit` customers with unprocessed events for `seconds`, except those who are parked. No event is marked as done: if the journey has
 * not processed it when the lease expires, the customer is leased and signalled again.
 */
export async function leaseWakes(tx: Tx, limit: number, seconds: number): Promise<LeasedWake[]> {
  return tx<LeasedWake[]>`
    update wakes w set lease_until = clock_timestamp() + ${seconds} * interval '1 second', tries = w.tries + 1
    from (select customer_id from wakes
          where requested_seq > processed_seq and (lease_until is null or lease_until < statement_timestamp())
            and (parked_until is null or parked_until < statement_timestamp())
          order by lease_until nulls first limit ${limit} for update skip locked) pending
    where w.customer_id = pending.customer_id
    returning w.customer_id as "customerId", w.workspace, w.processed_seq as "processedSeq", w.tries - 1 as tries`;
}

/** Leases up to `limit` customers of whose journeys a check was requested. The check is done by a decision. */
export async function leaseChecks(tx: Tx, limit: number, seconds: number): Promise<LeasedWake[]> {
  return tx<LeasedWake[]>`
    update wakes w set lease_until = clock_timestamp() + ${seconds} * interval '1 second', tries = w.tries + 1
    from (select customer_id from wakes
          where checks_requested > checks_done and (lease_until is null or lease_until < statement_timestamp())
          order by lease_until nulls first limit ${limit} for update skip locked) pending
    where w.customer_id = pending.customer_id
    returning w.customer_id as "customerId", w.workspace, w.processed_seq as "processedSeq", w.tries - 1 as tries`;
}

/** Ends the leases of customers who could not be signalled, so that they are leased again at once. */
export async function endLeases(tx: Tx, customerIds: string[]): Promise<void> {
  await tx`update wakes set lease_until = null where customer_id = any(${customerIds}::text[])`;
}

/**
 * Leases customers whose workflow may be lost or late: their wake-up time has passed, or planned effects were not begun
 * for 10 s. Also leases customers with enrollments, and parked customers, under a bundle that is no longer active. Those
 * come first that were looked at least recently, so that none waits behind a backlog of others.
 */
export async function leaseOverdueWakes(
  tx: Tx,
  limit: number,
  seconds: number,
  before: number,
): Promise<LeasedWake[]> {
  return tx<LeasedWake[]>`
    update wakes w set overdue_until = clock_timestamp() + ${seconds} * interval '1 second'
    from (select k.customer_id from wakes k
          join (select customer_id from journeys where wake_at < ${before}
                union
                select j.customer_id from journeys j join workspaces s on s.id = j.workspace
                where j.bundle_version < s.config_version
                  and (j.state -> 'enrollments' <> '[]' or j.state ? 'poison')
                union
                select customer_id from deliveries where state = 'planned' and at < ${before}
                  and updated_at < statement_timestamp() - interval '10 seconds'
                union
                select customer_id from agent_tasks where state = 'planned'
                  and updated_at < statement_timestamp() - interval '10 seconds') late using (customer_id)
          where (k.lease_until is null or k.lease_until < statement_timestamp())
            and (k.overdue_until is null or k.overdue_until < statement_timestamp())
          order by k.overdue_until nulls first limit ${limit} for update of k skip locked) overdue
    where w.customer_id = overdue.customer_id
    returning w.customer_id as "customerId", w.workspace, w.processed_seq as "processedSeq", 1 as tries`;
}

/**
 * Extends the lease, so that the relay does not signal an event that the workflow receives as the result of its
 * activity.
 */
export async function delayWake(tx: Tx, customerId: string, seconds: number): Promise<void> {
  await tx`
    update wakes set lease_until = greatest(lease_until, clock_timestamp() + ${seconds} * interval '1 second')
    where customer_id = ${customerId}`;
}
