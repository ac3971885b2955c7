import type { Tx } from '../client.ts';

export interface WorkspaceSummary {
  id: string;
  createdAt: number;
  /** The active bundle; 0 if there is none yet. */
  version: number;
  /** When it was activated; null if there is none yet. */
  activatedAt: number | null;
  /** Keys that were not revoked. */
  keys: number;
}

/** Creates a workspace. Returns false if it exists already. */
export async function createWorkspace(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx`insert into workspaces (id) values (${id}) on conflict do nothing returning id`;
  return rows.length > 0;
}

/** All workspaces, by their ids. */
export async function listWorkspaces(tx: Tx): Promise<WorkspaceSummary[]> {
  return await tx<WorkspaceSummary[]>`
    select w.id, (extract(epoch from w.created_at) * 1000)::bigint as "createdAt", w.config_version as version,
           (extract(epoch from b.activated_at) * 1000)::bigint as "activatedAt",
           (select count(*) from keys k where k.workspace = w.id and k.revoked_at is null) as keys
    from workspaces w left join bundles b on b.workspace = w.id and b.version = w.config_version
    order by w.id`;
}
