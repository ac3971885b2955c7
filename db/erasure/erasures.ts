import type { Tx } from '../client.ts';

export interface OpenErasure {
  customerId: string;
  workspace: string;
}

/** Leases erased customers whose histories in Temporal are to be listed and deleted. */
export async function leaseErasures(tx: Tx, limit: number, seconds: number): Promise<OpenErasure[]> {
  return tx<OpenErasure[]>`
    update erasures e set next_at = clock_timestamp() + ${seconds} * interval '1 second'
    from (select customer_id from erasures where done_at is null and next_at < statement_timestamp()
          order by next_at limit ${limit} for update skip locked) open
    where e.customer_id = open.customer_id
    returning e.customer_id as "customerId", e.workspace`;
}

/**
 * Records how many histories a listing found. Two empty listings in a row complete the erasure, since visibility lags
 * behind.
 */
export async function recordListing(tx: Tx, customerId: string, found: number): Promise<void> {
  await tx`
    update erasures set clean = case when ${found}::int = 0 then clean + 1 else 0 end,
      done_at = case when ${found}::int = 0 and clean >= 1 then clock_timestamp() end,
      identities = case when ${found}::int = 0 and clean >= 1 then '{}' else identities end,
      accounts = case when ${found}::int = 0 and clean >= 1 then '{}' else accounts end
    where customer_id = ${customerId}`;
}
