import type { Tx } from '../client.ts';

/**
 * `decide` requests real-time decisions and reports their outcomes, and nothing more. It suits keys in clients near
 * customers.
 */
export const SCOPES = ['read', 'decide', 'act', 'configure', 'operate'] as const;
export type Scope = (typeof SCOPES)[number];

/** A write key can only send events and may be public. An API key may do what its scopes allow. */
export type KeyKind = 'write' | 'api';

export interface KeyRow {
  id: string;
  workspace: string;
  kind: KeyKind;
  scopes: Scope[];
  label: string;
}

/** Saves a key by its hash. It creates the workspace if it is new, so that the key can apply the first bundle. */
export async function insertKey(tx: Tx, key: KeyRow & { hash: string }): Promise<void> {
  await tx`insert into workspaces (id) values (${key.workspace}) on conflict do nothing`;
  await tx`
    insert into keys (id, workspace, kind, hash, scopes, label)
    values (${key.id}, ${key.workspace}, ${key.kind}, ${key.hash}, ${key.scopes as string[]}::text[], ${key.label})`;
}

/** The key with this hash, or null if there is none or it was revoked. */
export async function findKey(tx: Tx, hash: string): Promise<KeyRow | null> {
  const [row] = await tx<KeyRow[]>`
    select id, workspace, kind, scopes, label from keys where hash = ${hash} and revoked_at is null`;
  return row ?? null;
}

/** From now on it is no key any more; processes that know it learn that within seconds. */
export async function revokeKey(tx: Tx, id: string): Promise<void> {
  await tx`update keys set revoked_at = clock_timestamp() where id = ${id} and revoked_at is null`;
}
