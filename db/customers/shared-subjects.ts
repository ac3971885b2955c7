import type { Tx } from '../client.ts';

/** Account and contact subject of these customers, or of those who they were merged into. */
export async function readSharedSubjects(
  tx: Tx,
  ids: string[],
): Promise<Map<string, { accountId: string | null; contact: string | null }>> {
  const rows = await tx<{ id: string; accountId: string | null; contact: string | null }[]>`
    select c.id, r.account_id as "accountId", r.contact
    from customers c join customers r on r.id = coalesce(c.merged_into, c.id)
    where c.id = any(${ids}) order by c.id`;
  return new Map(rows.map(({ id, accountId, contact }) => [id, { accountId, contact }]));
}
