import type { Tx } from '../client.ts';

/** Those of these ids that no customer answers for: unknown, merged into another, or erased. */
export async function findUnknownCustomers(tx: Tx, ids: string[]): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select t.id from unnest(${ids}::text[]) t(id)
    where not exists (select 1 from customers c
      where c.id = t.id and c.merged_into is null and c.erased_at is null)
    order by t.id`;
  return rows.map(({ id }) => id);
}
