import type { Tx } from '../client.ts';

/** Those of these keys that were revoked or are gone. */
export async function findRevokedKeys(tx: Tx, ids: string[]): Promise<Set<string>> {
  const rows = await tx<{ id: string }[]>`
    select t.id from unnest(${ids}::text[]) as t(id)
    where not exists (select from keys k where k.id = t.id and k.revoked_at is null)`;
  return new Set(rows.map(({ id }) => id));
}
