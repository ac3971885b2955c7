import type { Tx } from '../client.ts';

/** Ids that have become one with this customer, over however many merges. `root` is an expression of SQL: the customer's id. */
export function mergedIdsJson(tx: Tx, root: ReturnType<Tx>) {
  return tx`(with recursive merged as (
      select id from customers where merged_into = ${root}
      union
      select c.id from customers c join merged m on c.merged_into = m.id
    ) select coalesce(json_agg(id order by id), '[]') from merged)`;
}

/** The customer's own id and those that have become one with it: whose records make up the history. */
export async function readAllIds(tx: Tx, customerId: string): Promise<string[]> {
  const [row] = await tx<{ ids: string[] }[]>`select ${mergedIdsJson(tx, tx`${customerId}::text`)} as ids`;
  return [customerId, ...(row?.ids ?? [])];
}
