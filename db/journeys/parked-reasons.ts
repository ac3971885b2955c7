import type { Tx } from '../client.ts';

/** A customer whose decision is given up for now. */
export interface ParkedCustomer {
  customerId: string;
  reason: string;
  since: number;
}

/** Among so many the list is sorted. */
const MOST = 10_000;

/** Parked customers of a workspace, those that wait for longest first. */
export async function listParkedCustomers(
  tx: Tx,
  workspace: string,
  limit: number,
): Promise<ParkedCustomer[]> {
  return tx<ParkedCustomer[]>`
    select customer_id as "customerId", coalesce(state #>> '{poison,reason}', '') as reason,
      coalesce((state #>> '{poison,since}')::bigint, 0) as since
    from (
      select customer_id, state from journeys where workspace = ${workspace} and state ? 'poison' limit ${MOST}) parked
    order by since, customer_id limit ${limit}`;
}
