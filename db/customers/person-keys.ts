import type { Tx } from '../client.ts';

/** The group of each workspace that is in one. */
export async function readGroups(tx: Tx): Promise<Map<string, string>> {
  const rows = await tx<{ id: string; groupId: string }[]>`
    select id, group_id as "groupId" from workspaces where group_id is not null order by id`;
  return new Map(rows.map((row) => [row.id, row.groupId]));
}

/**
 * Locks the next customers that have an address but no person key. Customers whose row is locked are skipped: the
 * transaction that holds the lock writes the key.
 */
export async function pageCustomersWithoutPersonKey(
  tx: Tx,
  workspaces: string[],
  after: { workspace: string; id: string },
  limit: number,
): Promise<{ id: string; workspace: string; email: string }[]> {
  return tx<{ id: string; workspace: string; email: string }[]>`
    select id, workspace, email from customers
    where workspace = any(${workspaces}) and (workspace, id) > (${after.workspace}, ${after.id})
      and email is not null and person_key is null and merged_into is null and erased_at is null
    order by workspace, id limit ${limit} for update skip locked`;
}

/** Writes the person keys. The customers are locked. */
export async function savePersonKeys(tx: Tx, rows: { id: string; personKey: string }[]): Promise<void> {
  await tx`
    update customers c set person_key = t.person_key
    from unnest(${rows.map((r) => r.id)}::text[], ${rows.map((r) => r.personKey)}::text[]) as t(id, person_key)
    where c.id = t.id`;
}
