import type { Tx } from '../client.ts';

/**
 * Ids that were merged into this customer, over any number of merges, as JSON. `root` is an SQL expression: the
 * customer's id.
 */
export function mergedIdsJson(tx: Tx, root: ReturnType<Tx>) {
  return tx`(with recursive merged as (
      select id from customers where merged_into = ${root}
      union
      select c.id from customers c join merged m on c.merged_into = m.id
    ) select coalesce(json_agg(id order by id), '[]') from merged)`;
}

/** The customer's id and all ids that were merged into it: their records together are the history. */
export async function readAllIds(tx: Tx, customerId: string): Promise<string[]> {
  const [row] = await tx<{ ids: string[] }[]>`select ${mergedIdsJson(tx, tx`${customerId}::text`)} as ids`;
  return [customerId, ...(row?.ids ?? [])];
}
