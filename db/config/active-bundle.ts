import type { Tx } from '../client.ts';

export interface ConfigView {
  version: number;
  hash: string | null;
  activatedAt: number | null;
  appliedBy: string | null;
  files: { path: string; text: string }[];
}

/** The active bundle with its source files. Version 0: there is none yet. */
export async function viewConfig(tx: Tx, workspace: string): Promise<ConfigView | null> {
  const [row] = await tx<ConfigView[]>`
    select w.config_version as version, b.hash, (extract(epoch from b.activated_at) * 1000)::bigint as "activatedAt",
           b.applied_by as "appliedBy", coalesce(b.files, '[]') as files
    from workspaces w left join bundles b on b.workspace = w.id and b.version = w.config_version
    where w.id = ${workspace}`;
  return row ?? null;
}

/** The version of the active bundle; 0 if there is none. */
export async function readConfigVersion(tx: Tx, workspace: string): Promise<number> {
  const [row] = await tx<{ version: number }[]>`
    select config_version as version from workspaces where id = ${workspace}`;
  return row?.version ?? 0;
}

/** Whether any workspace has a bundle. Throws if the database does not answer. */
export async function hasActiveBundle(tx: Tx): Promise<boolean> {
  const [row] = await tx<{ active: boolean }[]>`
    select exists (select 1 from workspaces where config_version > 0) as active`;
  return row?.active ?? false;
}
