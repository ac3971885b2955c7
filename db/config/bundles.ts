import type { Bundle } from '../../src/domain/definition.ts';
import type { Tx } from '../client.ts';
import { type Row, selectColumns } from '../columns.ts';
import { bundles } from '../schema.ts';

const COLUMNS = ['version', 'hash', 'files', 'compiled'] as const;

export type StoredBundle = Row<typeof bundles, (typeof COLUMNS)[number]>;

/** The active bundle, without a lock; null if there is none yet. */
export async function readActiveBundle(tx: Tx, workspace: string): Promise<StoredBundle | null> {
  const [row] = await tx<StoredBundle[]>`
    select ${selectColumns(tx, bundles, COLUMNS, 'b')}
    from workspaces w join bundles b on b.workspace = w.id and b.version = w.config_version
    where w.id = ${workspace}`;
  return row ?? null;
}

/** The bundle of any version. */
export async function readBundle(tx: Tx, workspace: string, version: number): Promise<StoredBundle | null> {
  const [row] = await tx<StoredBundle[]>`
    select ${selectColumns(tx, bundles, COLUMNS)} from bundles where workspace = ${workspace} and version = ${version}`;
  return row ?? null;
}

/**
 * Locks the workspace, so that no events are accepted until the transaction ends, and reads the active version. The
 * clock is read after the lock.
 */
export async function lockWorkspaceForActivation(
  tx: Tx,
  workspace: string,
): Promise<{ version: number; now: number }> {
  await tx`insert into workspaces (id) values (${workspace}) on conflict do nothing`;
  const [locked] = await tx<{ version: number }[]>`
    select config_version as version from workspaces where id = ${workspace} for update`;
  const [clock] = await tx<
    { now: number }[]
  >`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`;
  return { version: (locked as { version: number }).version, now: (clock as { now: number }).now };
}

/** Saves a new version and makes it the active one. */
export async function saveBundle(
  tx: Tx,
  row: { workspace: string; version: number; hash: string; files: unknown; compiled: Bundle; now: number },
): Promise<void> {
  await tx`
    insert into bundles (workspace, version, hash, files, compiled, activated_at)
    values (${row.workspace}, ${row.version}, ${row.hash}, ${JSON.stringify(row.files)}::text::jsonb,
            ${JSON.stringify(row.compiled)}::text::jsonb, ${new Date(row.now).toISOString()}::timestamptz)`;
  await tx`
    update workspaces set config_version = ${row.version}, group_id = ${row.compiled.group?.id ?? null}
    where id = ${row.workspace}`;
}
