import type { Logger } from 'pino';
import type { Database } from '../../db/client.ts';
import type { BundleCache } from '../../db/config/bundle-cache.ts';
import {
  findAllSchedules,
  findSchedulesToSync,
  hasCustomers,
  readScheduleEntries,
  type ScheduleState,
  saveSyncedVersion,
} from '../../db/sweeps/schedule-sync.ts';
import { beginSweep } from '../../db/sweeps/sweeps.ts';
import { compareBundles } from '../app/sweeps/bundle-changes.ts';
import { readReferences } from '../definitions/cel/compile-cel.ts';
import type { Bundle, Cel } from '../domain/definition.ts';
import { getOwn } from '../domain/values/get-own.ts';
import { buildScheduleName, type JobSchedule, type SweepSchedule } from '../temporal/schedules.ts';
import type { SweepClient } from '../temporal/sweep-client.ts';

export interface ScheduleSyncDeps {
  db: Database;
  bundles: BundleCache;
  sweeps: SweepClient;
  log: Logger;
}

/**
 * Makes Temporal's schedules match the active bundles: one per schedule entry, an hourly sweep where time alone moves
 * customers, one per job, and one sweep per activation. An interrupted call is completed by the next one. The first call
 * of a process checks every workspace, since a build may create other schedules than the one before.
 */
export function createScheduleSync(deps: ScheduleSyncDeps): () => Promise<void> {
  let first = true;
  return async () => {
    const { sql } = deps.db;
    const workspaces = await (first ? findAllSchedules(sql) : findSchedulesToSync(sql));
    let failed = false;
    for (const workspace of workspaces) {
      try {
        await syncWorkspace(deps, workspace);
      } catch (error) {
        // An error of one workspace must not hold up the others.
        failed = true;
        deps.log.warn({ err: error, workspace: workspace.workspace }, 'schedules are not synchronised yet');
      }
    }
    if (!failed) first = false;
  };
}

async function syncWorkspace(
  { db, bundles, sweeps }: ScheduleSyncDeps,
  { workspace, version, syncedVersion }: ScheduleState,
): Promise<void> {
  const bundle = await bundles(db.sql, workspace, version);
  const required = listSweepSchedules(bundle);
  for (const schedule of required) await sweeps.upsertSweepSchedule(schedule);
  for (const job of listJobSchedules(bundle)) await sweeps.upsertJobSchedule(job);
  const kept = new Set(required.map(buildScheduleName));
  // An interrupted call may have created schedules for bundles that were active in between.
  for (const { journey, index } of await readScheduleEntries(db.sql, workspace, syncedVersion, version)) {
    const removed = { workspace, entry: { journey, index, cron: '' } };
    if (!kept.has(buildScheduleName(removed))) await sweeps.dropSchedule(removed);
  }
  const hourly = { workspace, entry: null };
  if (!kept.has(buildScheduleName(hourly)) && syncedVersion > 0) await sweeps.dropSchedule(hourly);
  const { watched, dates } = compareBundles(bundle, null);
  const unaffected = (watched.length === 0 && dates.length === 0) || !(await hasCustomers(db.sql, workspace));
  const occurrence = String(version);
  const kind = 'activation';
  const sweep = {
    workspace,
    kind,
    journey: null,
    entry: null,
    occurrence,
    version,
    done: unaffected,
  } as const;
  const { id, done } = await beginSweep(db.sql, sweep);
  if (!done) await sweeps.run({ workspace, sweepId: id });
  await saveSyncedVersion(db.sql, workspace, version);
}

/** The sweep schedules that a bundle requires. */
export function listSweepSchedules(bundle: Bundle): SweepSchedule[] {
  const { id: workspace, timezone } = bundle.workspace;
  const entries = bundle.journeys.flatMap((journey) =>
    journey.enter.flatMap((entry, index): SweepSchedule[] =>
      entry.kind === 'schedule'
        ? [{ workspace, timezone, entry: { journey: journey.id, index, cron: entry.cron } }]
        : [],
    ),
  );
  return needsHourlySweep(bundle) ? [...entries, { workspace, timezone: 'UTC', entry: null }] : entries;
}

/** The job schedules of a workspace. They do not depend on its bundle. */
export function listJobSchedules({ workspace: { id: workspace, timezone } }: Bundle): JobSchedule[] {
  const minute = (offset: number) => (offset + hashToMinute(workspace)) % 60;
  return [
    { workspace, job: 'learn', when: { seconds: 60 } },
    { workspace, job: 'fit', when: { cron: `${minute(0)} 3 * * *`, timezone } },
    { workspace, job: 'guard', when: { cron: `${minute(20)} * * * *`, timezone: 'UTC' } },
    { workspace, job: 'count', when: { seconds: 60 } },
    { workspace, job: 'expire', when: { cron: `${minute(40)} * * * *`, timezone: 'UTC' } },
  ];
}

/** A minute that differs between workspaces, so that their jobs do not all start together. */
function hashToMinute(workspace: string): number {
  return [...workspace].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 60, 0);
}

/** Whether time alone can move customers into a segment that an entry watches, or into another stage. */
function needsHourlySweep(bundle: Bundle): boolean {
  const { watched } = compareBundles(bundle, null);
  const conditions = [
    ...bundle.segments
      .filter(({ id }) => watched.some((segment) => segment.id === id))
      .map(({ when }) => when),
    ...bundle.workspace.stages.map(({ when }) => when),
  ];
  return conditions.some((condition) => condition !== null && dependsOnTime(condition, bundle));
}

/** Whether the condition's result can change with time alone. Compiled conditions contain the text of their segments. */
function dependsOnTime(condition: Cel, { attributes }: Bundle): boolean {
  const { roots, traits, windows } = readReferences(condition);
  if (roots.includes('now') || roots.includes('scores') || Object.keys(windows).length > 0) return true;
  if (/\bdaysSince\s*\(/.test(condition)) return true;
  // An attribute also becomes stale with time alone.
  return traits.some((name) => (getOwn(attributes, name)?.fresh ?? null) !== null);
}
