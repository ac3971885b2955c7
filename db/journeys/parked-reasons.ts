import type { Tx } from '../client.ts';

/** A customer whose decision is given up for now. */
export interface ParkedCustomer {
  customerId: string;
  reason: string;
  since: number;
}

/** Parked customers of a workspace, those that wait for longest first. */
export async function listParkedCustomers(
  tx: Tx,
  workspace: string,
  limit: number,
): Promise<ParkedCustomer[]> {
  return tx<ParkedCustomer[]>`
    select customer_id as "customerId", coalesce(state #>> '{poison,reason}', '') as reason,
      coalesce((state #>> '{poison,since}')::bigint, 0) as since
    from journeys where workspace = ${workspace} and state ? 'poison' order by since, customer_id limit ${limit}`;
}
