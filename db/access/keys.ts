import type { Tx } from '../client.ts';
import { insertRows, type Row, selectColumns } from '../columns.ts';
import type { KEY_KINDS, SCOPES } from '../schema/values.ts';
import { keys } from '../schema.ts';

export type Scope = (typeof SCOPES)[number];
export type KeyKind = (typeof KEY_KINDS)[number];

const COLUMNS = ['id', 'workspace', 'kind', 'scopes', 'label'] as const;

export type KeyRow = Row<typeof keys, (typeof COLUMNS)[number]>;

/** Saves a key by its hash. It creates the workspace if it is new, so that the key can apply the first bundle. */
export async function insertKey(tx: Tx, key: KeyRow & { hash: string }): Promise<void> {
  await tx`insert into workspaces (id) values (${key.workspace}) on conflict do nothing`;
  await insertRows(tx, keys, [...COLUMNS, 'hash'], [key]);
}

/** The key with this hash, or null if there is none or it was revoked. */
export async function findKey(tx: Tx, hash: string): Promise<KeyRow | null> {
  const [row] = await tx<KeyRow[]>`
    select ${selectColumns(tx, keys, COLUMNS)} from keys where hash = ${hash} and revoked_at is null`;
  return row ?? null;
}
