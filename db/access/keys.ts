import type { Tx } from '../client.ts';
import { insertRows, type Row, selectColumns } from '../columns.ts';
import type { KEY_KINDS, SCOPES } from '../schema/values.ts';
import { keys } from '../schema.ts';

export type Scope = (typeof SCOPES)[number];
export type KeyKind = (typeof KEY_KINDS)[number];

const COLUMNS = ['id', 'workspace', 'kind', 'scopes', 'label'] as const;
const SECRET_COLUMNS = ['hash', 'prefix'] as const;
const LISTED = [...COLUMNS, 'prefix', 'createdAt', 'lastUsedAt', 'revokedAt'] as const;

export type KeyRow = Row<typeof keys, (typeof COLUMNS)[number]>;

/** A key as it is listed: everything but the key itself. */
export type ListedKey = Row<typeof keys, (typeof LISTED)[number]>;

/** Saves a key by its hash. It creates the workspace if it is new, so that the key can apply the first bundle. */
export async function insertKey(
  tx: Tx,
  key: KeyRow & Row<typeof keys, (typeof SECRET_COLUMNS)[number]>,
): Promise<void> {
  await tx`insert into workspaces (id) values (${key.workspace}) on conflict do nothing`;
  await insertRows(tx, keys, [...COLUMNS, ...SECRET_COLUMNS], [key]);
}

/** The key with this hash, also if it was revoked; null if there is none. */
export async function findKey(tx: Tx, hash: string): Promise<(KeyRow & Pick<ListedKey, 'revokedAt'>) | null> {
  const [row] = await tx<(KeyRow & Pick<ListedKey, 'revokedAt'>)[]>`
    select ${selectColumns(tx, keys, [...COLUMNS, 'revokedAt'])} from keys where hash = ${hash}`;
  return row ?? null;
}

/** Keys, the oldest first: of one workspace, or of all if it is null. */
export async function listKeys(tx: Tx, workspace: string | null): Promise<ListedKey[]> {
  return await tx<ListedKey[]>`
    select ${selectColumns(tx, keys, LISTED)} from keys
    where ${workspace}::text is null or workspace = ${workspace} order by workspace, created_at, id`;
}

/** Records that a key was used, at most once a minute. */
export async function saveKeyUse(tx: Tx, id: string): Promise<void> {
  await tx`
    update keys set last_used_at = clock_timestamp()
    where id = ${id} and (last_used_at is null or last_used_at < statement_timestamp() - interval '1 minute')`;
}

/** Revokes a key. Returns false if it was revoked before. */
export async function revokeKey(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx`
    update keys set revoked_at = clock_timestamp() where id = ${id} and revoked_at is null returning id`;
  return rows.length > 0;
}
