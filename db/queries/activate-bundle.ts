import type { Bundle } from '../../src/domain/definition.ts';
import type { Tx } from '../client.ts';

export interface ActiveBundle {
  version: number;
  hash: string | null;
  journeys: { id: string; activeSince: number }[];
  /** Wall clock, read after the lock. */
  now: number;
}

/** Locks the workspace against every accept, and reads what is active. */
export async function lockWorkspaceForActivation(tx: Tx, workspace: string): Promise<ActiveBundle> {
  await tx`insert into workspaces (id) values (${workspace}) on conflict do nothing`;
  const [locked] = await tx<{ version: number }[]>`
    select config_version as version from workspaces where id = ${workspace} for update`;
  const version = (locked as { version: number }).version;
  const [clock] = await tx<
    { now: number }[]
  >`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`;
  const [row] = await tx<{ hash: string; compiled: Bundle }[]>`
    select hash, compiled from bundles where workspace = ${workspace} and version = ${version}`;
  return {
    version,
    hash: row?.hash ?? null,
    journeys: row?.compiled.journeys ?? [],
    now: (clock as { now: number }).now,
  };
}

/** Keeps a new version and makes it the active one. */
export async function saveBundle(
  tx: Tx,
  row: { workspace: string; version: number; hash: string; files: unknown; compiled: Bundle; now: number },
): Promise<void> {
  await tx`
    insert into bundles (workspace, version, hash, files, compiled, activated_at)
    values (${row.workspace}, ${row.version}, ${row.hash}, ${JSON.stringify(row.files)}::text::jsonb,
            ${JSON.stringify(row.compiled)}::text::jsonb, ${new Date(row.now).toISOString()}::timestamptz)`;
  await tx`update workspaces set config_version = ${row.version} where id = ${row.workspace}`;
}
