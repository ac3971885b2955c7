import type { JourneyDef } from '../../src/domain/definition.ts';
import type { Tx } from '../client.ts';

export interface ScheduleState {
  workspace: string;
  /** The active bundle. */
  version: number;
  /** The version that the schedules in Temporal follow. */
  syncedVersion: number;
}

/** Workspaces whose schedules in Temporal do not follow the active bundle yet. */
export async function findSchedulesToSync(tx: Tx): Promise<ScheduleState[]> {
  return tx<ScheduleState[]>`
    select id as workspace, config_version as version, synced_version as "syncedVersion" from workspaces
    where config_version > 0 and synced_version < config_version order by id`;
}

/** Every workspace with a bundle, for a Temporal whose store was lost with all schedules. */
export async function findAllSchedules(tx: Tx): Promise<ScheduleState[]> {
  return tx<ScheduleState[]>`
    select id as workspace, config_version as version, synced_version as "syncedVersion" from workspaces
    where config_version > 0 order by id`;
}

/**
 * Schedule entries of the bundles from one version to another, as journey and index: those that may exist in Temporal.
 */
export async function readScheduleEntries(
  tx: Tx,
  workspace: string,
  from: number,
  to: number,
): Promise<{ journey: string; index: number }[]> {
  const rows = await tx<{ journeys: Pick<JourneyDef, 'id' | 'enter'>[] | null }[]>`
    select compiled -> 'journeys' as journeys from bundles
    where workspace = ${workspace} and version between ${from} and ${to} order by version`;
  return rows.flatMap(({ journeys }) =>
    (journeys ?? []).flatMap(({ id, enter }) =>
      enter.flatMap((entry, index) => (entry.kind === 'schedule' ? [{ journey: id, index }] : [])),
    ),
  );
}

/** Whether a workspace has a customer. */
export async function hasCustomers(tx: Tx, workspace: string): Promise<boolean> {
  const [row] = await tx<{ some: boolean }[]>`
    select exists (select 1 from customers where workspace = ${workspace}) as some`;
  return row?.some ?? false;
}

/** Records that the schedules in Temporal follow this version. */
export async function saveSyncedVersion(tx: Tx, workspace: string, version: number): Promise<void> {
  await tx`
    update workspaces set synced_version = greatest(synced_version, ${version}) where id = ${workspace}`;
}
