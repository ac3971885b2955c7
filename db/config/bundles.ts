import { iso } from '../../src/domain/time/time.ts';
import type { Tx } from '../client.ts';
import { insertRows, type Row, selectColumns } from '../columns.ts';
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
  bundle: StoredBundle & { workspace: string; now: number; appliedBy: string | null },
): Promise<void> {
  const row = { ...bundle, activatedAt: iso(bundle.now) };
  const { group } = bundle.compiled;
  await insertRows(tx, bundles, ['workspace', ...COLUMNS, 'activatedAt', 'appliedBy'], [row]);
  await tx`
    update workspaces set config_version = ${bundle.version}, group_id = ${group?.id ?? null},
      group_workspaces = ${group?.workspaces ?? []}, shares_silence = ${group?.shareSuppression ?? false}
    where id = ${bundle.workspace}`;
}
