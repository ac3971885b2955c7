import { findAllSchedules } from '../../db/sweeps/schedule-sync.ts';
import { readUnfinishedSweeps, type UnfinishedSweep } from '../../db/sweeps/unfinished-sweeps.ts';
import { type ComparedPage, reconcilePage } from '../relay/reconcile.ts';
import { buildJobScheduleName, buildScheduleName, type ScheduleSubject } from '../temporal/schedules.ts';
import { buildSweepWorkflowId } from '../workflows/identifiers.ts';
import { listJobSchedules, listSweepSchedules, type ScheduleSyncDeps } from './sync-schedules.ts';

/**
 * Compares the schedules that the active bundles require with those in Temporal, creates what is missing and drops what
 * no bundle requires. A workspace whose activation is not synchronised yet is left to `createScheduleSync`.
 */
export function reconcileSchedules(deps: ScheduleSyncDeps): Promise<false> {
  return reconcilePage(deps, 'schedules', () => compareSchedules(deps));
}

async function compareSchedules({ db, bundles, sweeps }: ScheduleSyncDeps): Promise<ComparedPage> {
  const existing = new Set(await sweeps.listSchedules());
  let compared = 0;
  const repaired = { missing: 0, orphaned: 0 };
  for (const { workspace, version, syncedVersion } of await findAllSchedules(db.sql)) {
    if (syncedVersion < version) continue;
    const bundle = await bundles(db.sql, workspace, version);
    const required = new Map([
      ...listSweepSchedules(bundle).map(
        (schedule) => [buildScheduleName(schedule), () => sweeps.upsertSweepSchedule(schedule)] as const,
      ),
      ...listJobSchedules(bundle).map(
        (schedule) => [buildJobScheduleName(schedule), () => sweeps.upsertJobSchedule(schedule)] as const,
      ),
    ]);
    compared += required.size;
    for (const [name, create] of required) {
      if (existing.has(name) || (await sweeps.hasSchedule(name))) continue;
      await create();
      repaired.missing++;
    }
    for (const name of existing) {
      const subject = readSweepSchedule(name, workspace);
      if (!subject || required.has(name)) continue;
      await sweeps.dropSchedule(subject);
      repaired.orphaned++;
    }
  }
  return { cursor: null, compared, repaired };
}

/** The sweep of this workspace that a schedule of this name starts; null for another schedule. */
function readSweepSchedule(name: string, workspace: string): ScheduleSubject | null {
  const [kind, owner, journey, index, ...rest] = name.split('/');
  if (owner !== workspace || rest.length > 0) return null;
  if (kind === 'hourly' && journey === undefined) return { workspace, entry: null };
  if (kind !== 'entry' || journey === undefined || index === undefined) return null;
  return { workspace, entry: { journey, index: Number(index), cron: '' } };
}

/** Starts the workflows of sweeps that have begun, are not done, and do not run: their store was lost. */
export function reconcileSweeps(deps: ScheduleSyncDeps & { taskQueue: string }): Promise<false> {
  return reconcilePage(deps, 'sweeps', () => compareSweeps(deps));
}

async function compareSweeps({
  db,
  sweeps,
  taskQueue,
}: ScheduleSyncDeps & { taskQueue: string }): Promise<ComparedPage> {
  const unfinished = await readUnfinishedSweeps(db.sql);
  const running = unfinished.length > 0 ? await sweeps.listRunningSweeps() : [];
  const lost = unfinished.filter(
    (sweep) => !running.some((workflowId) => runs(workflowId, sweep, taskQueue)),
  );
  for (const { workspace, id } of lost) await sweeps.run({ workspace, sweepId: id });
  return { cursor: null, compared: unfinished.length, repaired: { missing: lost.length } };
}

/** A schedule's workflow is named after the schedule, others after the sweep. */
function runs(
  workflowId: string,
  { id, workspace, journey, entry }: UnfinishedSweep,
  taskQueue: string,
): boolean {
  if (workflowId === buildSweepWorkflowId(taskQueue, id)) return true;
  if (journey === null || entry === null) return false;
  const name = buildScheduleName({ workspace, entry: { journey, index: entry, cron: '' } });
  return workflowId.startsWith(`${buildSweepWorkflowId(taskQueue, name)}-`);
}
