import type { Tx } from '../client.ts';

/** What a sender calls the customer `c`: a whole name, otherwise first and last name. Null: nothing. */
export function customerName(tx: Tx) {
  return tx`nullif(coalesce(c.profile #>> '{traits,name,value}',
    concat_ws(' ', c.profile #>> '{traits,firstName,value}', c.profile #>> '{traits,lastName,value}')), '')`;
}

/** What senders call these customers, by id. Those without a name are missing. */
export async function readCustomerNames(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await tx<{ id: string; name: string | null }[]>`
    select c.id, ${customerName(tx)} as name from customers c where c.id = any(${[...new Set(ids)]})`;
  return new Map(rows.flatMap(({ id, name }) => (name === null ? [] : [[id, name]])));
}
