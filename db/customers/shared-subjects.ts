import type { Tx } from '../client.ts';

/** Reads account and person key of these customers; of a merged one, those of the customer it was merged into. */
export async function readSharedSubjects(
  tx: Tx,
  ids: string[],
): Promise<Map<string, { accountId: string | null; personKey: string | null }>> {
  const rows = await tx<{ id: string; accountId: string | null; personKey: string | null }[]>`
    select c.id, r.account_id as "accountId", r.person_key as "personKey"
    from customers c join customers r on r.id = coalesce(c.merged_into, c.id)
    where c.id = any(${ids}) order by c.id`;
  return new Map(rows.map(({ id, ...subjects }) => [id, subjects]));
}
