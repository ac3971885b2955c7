import type { Tx } from '../client.ts';

export interface WorkspaceLock {
  id: string;
  configVersion: number;
  /** The group of workspaces that it belongs to. */
  groupId: string | null;
  /** Wall clock, read after the lock: an activation that waits for this transaction has a later time. */
  acceptedAt: number;
}

/** Reads the versions of the active bundles and locks them in share mode until the transaction ends. */
export async function lockWorkspaces(tx: Tx, ids: string[]): Promise<Map<string, WorkspaceLock>> {
  const rows = await tx<WorkspaceLock[]>`
    select w.id, w.config_version as "configVersion", w.group_id as "groupId",
           (extract(epoch from clock_timestamp()) * 1000)::bigint as "acceptedAt"
    from (select id, config_version, group_id from workspaces where id = any(${ids}) order by id for share) w`;
  return new Map(rows.map((row) => [row.id, row]));
}
