import type { Tx } from '../client.ts';
import { insertRows, type Row, recordset, selectColumns } from '../columns.ts';
import { accounts } from '../schema.ts';

const COLUMNS = ['workspace', 'id', 'traits'] as const;

export type AccountRow = Row<typeof accounts, (typeof COLUMNS)[number]>;
export type AccountKey = Pick<AccountRow, 'workspace' | 'id'>;

/** Creates the rows of new accounts, since only a row can be locked. */
async function createAccounts(tx: Tx, keys: AccountKey[]): Promise<void> {
  const rows = [...keys].sort(byKey).map(({ workspace, id }) => ({ workspace, id, traits: {} }));
  await tx`${insertRows(tx, accounts, COLUMNS, rows)} on conflict do nothing`;
}

/**
 * Creates the rows of new accounts and keeps all of them from being deleted until the transaction ends, as an erasure
 * does with an account that nobody belongs to. Returns how many are there.
 */
export async function joinAccounts(tx: Tx, keys: AccountKey[]): Promise<number> {
  await createAccounts(tx, keys);
  const rows = await tx`
    select 1 from unnest(${keys.map((key) => key.workspace)}::text[], ${keys.map((key) => key.id)}::text[]) as t(workspace, id)
    join accounts a on a.workspace = t.workspace and a.id = t.id
    order by a.workspace, a.id for key share of a`;
  return rows.length;
}

/**
 * Locks accounts and creates the missing ones. Claims lock the same rows in share mode, so a ticket that is accepted
 * under this lock is visible to every claim for a member of the account that commits later (I3).
 */
export async function lockAccounts(tx: Tx, keys: AccountKey[]): Promise<AccountRow[]> {
  await createAccounts(tx, keys);
  return tx<AccountRow[]>`
    select ${selectColumns(tx, accounts, COLUMNS, 'a')}
    from unnest(${keys.map((key) => key.workspace)}::text[], ${keys.map((key) => key.id)}::text[]) as t(workspace, id)
    join accounts a on a.workspace = t.workspace and a.id = t.id
    order by a.workspace, a.id for update of a`;
}

/** Writes the folded traits. The rows are locked. */
export async function saveAccounts(tx: Tx, rows: AccountRow[]): Promise<void> {
  await tx`
    update accounts a set traits = t.traits from ${recordset(tx, accounts, COLUMNS, rows)}
    where a.workspace = t.workspace and a.id = t.id`;
}

/** The next members of an account after `cursor`, by id, without the customer `except`. */
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
  const [left, right] = [`${a.workspace}\u0001${a.id}`, `${b.workspace}\u0001${b.id}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
