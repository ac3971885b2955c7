import type { Trait } from '../../src/domain/customer/profile.ts';
import type { Tx } from '../client.ts';

export interface AccountKey {
  workspace: string;
  id: string;
}

export type AccountRow = AccountKey & { traits: Record<string, Trait> };

/** Makes the rows of accounts seen for the first time: what isn't there can't be locked. */
export async function createAccounts(tx: Tx, keys: AccountKey[]): Promise<void> {
  const sorted = [...keys].sort(byKey);
  await tx`
    insert into accounts (workspace, id, traits)
    select w, i, '{}' from unnest(${sorted.map((k) => k.workspace)}::text[], ${sorted.map((k) => k.id)}::text[]) as t(w, i)
    on conflict do nothing`;
}

/**
 * Locks accounts, making those that aren't there yet. Claims take the same rows in share: a ticket accepted under
 * this lock is seen by every claim for any contact of the account that commits later (I3).
 */
export async function lockAccounts(tx: Tx, keys: AccountKey[]): Promise<AccountRow[]> {
  await createAccounts(tx, keys);
  return tx<AccountRow[]>`
    select a.workspace, a.id, a.traits
    from unnest(${keys.map((k) => k.workspace)}::text[], ${keys.map((k) => k.id)}::text[]) as t(w, i)
    join accounts a on a.workspace = t.w and a.id = t.i
    order by a.workspace, a.id for update of a`;
}

/** Writes what was folded into accounts. Their rows are locked. */
export async function saveAccounts(tx: Tx, rows: AccountRow[]): Promise<void> {
  await tx`
    update accounts a set traits = t.traits
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as t(workspace text, id text, traits jsonb)
    where a.workspace = t.workspace and a.id = t.id`;
}

/** The next contacts of an account after `cursor`, in the order of their ids; not the one whose news it is. */
export async function pageMembers(
  tx: Tx,
  account: AccountKey,
  page: { except: string; cursor: string; limit: number },
): Promise<string[]> {
  const rows = await tx<{ id: string }[]>`
    select id from customers
    where workspace = ${account.workspace} and account_id = ${account.id} and id > ${page.cursor}
      and id <> ${page.except} and merged_into is null and erased_at is null
    order by id limit ${page.limit}`;
  return rows.map((row) => row.id);
}

function byKey(a: AccountKey, b: AccountKey): number {
  const [x, y] = [`${a.workspace}\u0001${a.id}`, `${b.workspace}\u0001${b.id}`];
  return x < y ? -1 : x > y ? 1 : 0;
}
