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
 * Makes Temporal match the active bundles: a schedule per schedule entry, the hourly look where time alone moves
 * customers, and one sweep per activation. Whatever is interrupted is done again by the next call. The first call of a
 * process looks at every workspace, so that a lost store of Temporal's gets its schedules back.
 */
export function createScheduleSync(deps: ScheduleSyncDeps): () => Promise<void> {
  let first = true;
  return async () => {
    const { sql } = deps.db;
    const workspaces = await (first ? findAllSchedules(sql) : findSchedulesToSync(sql));
    let failed = false;
    for (const workspace of workspaces) {
      try {
        await arrange(deps, workspace);
      } catch (error) {
        // One workspace's trouble must not hold up the others.
        failed = true;
        deps.log.warn({ err: error, workspace: workspace.workspace }, 'schedules will be arranged again');
      }
    }
    if (!failed) first = false;
  };
}

async function arrange(
  { db, bundles, sweeps }: ScheduleSyncDeps,
  { workspace, version, syncedVersion: arranged }: ScheduleState,
): Promise<void> {
  const bundle = await bundles(db.sql, workspace, version);
  const wanted = listSweepSchedules(bundle);
  for (const schedule of wanted) await sweeps.upsertSweepSchedule(schedule);
  for (const job of listJobSchedules(bundle)) await sweeps.upsertJobSchedule(job);
  const kept = new Set(wanted.map(buildScheduleName));
  // Those of bundles that were active in between may have been put in place by a try that was interrupted.
  for (const { journey, index } of await readScheduleEntries(db.sql, workspace, arranged, version)) {
    const gone = { workspace, entry: { journey, index, cron: '' } };
    if (!kept.has(buildScheduleName(gone))) await sweeps.dropSchedule(gone);
  }
  const look = { workspace, entry: null };
  if (!kept.has(buildScheduleName(look)) && arranged > 0) await sweeps.dropSchedule(look);
  const { watched, dates } = compareBundles(bundle, null);
  const nobody = (watched.length === 0 && dates.length === 0) || !(await hasCustomers(db.sql, workspace));
  const occurrence = String(version);
  const kind = 'activation';
  const sweep = { workspace, kind, journey: null, entry: null, occurrence, version, done: nobody } as const;
  const { id, done } = await beginSweep(db.sql, sweep);
  if (!done) await sweeps.run({ workspace, sweepId: id });
  await saveSyncedVersion(db.sql, workspace, version);
}

/** The schedules that a bundle needs. */
export function listSweepSchedules(bundle: Bundle): SweepSchedule[] {
  const { id: workspace, timezone } = bundle.workspace;
  const entries = bundle.journeys.flatMap((journey) =>
    journey.enter.flatMap((entry, index): SweepSchedule[] =>
      entry.kind === 'schedule'
        ? [{ workspace, timezone, entry: { journey: journey.id, index, cron: entry.cron } }]
        : [],
    ),
  );
  return movesByTime(bundle) ? [...entries, { workspace, timezone: 'UTC', entry: null }] : entries;
}

/** What is done for every workspace, whatever its bundle says. */
function listJobSchedules({ workspace: { id: workspace, timezone } }: Bundle): JobSchedule[] {
  const minute = (offset: number) => (offset + digitsOf(workspace)) % 60;
  return [
    { workspace, job: 'learn', when: { seconds: 60 } },
    { workspace, job: 'fit', when: { cron: `${minute(0)} 3 * * *`, timezone } },
    { workspace, job: 'guard', when: { cron: `${minute(20)} * * * *`, timezone: 'UTC' } },
    { workspace, job: 'expire', when: { cron: `${minute(40)} * * * *`, timezone: 'UTC' } },
  ];
}

/** Not all workspaces at the same minute. */
function digitsOf(workspace: string): number {
  return [...workspace].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 60, 0);
}

/** Whether time alone brings customers into a segment that an entry watches, or into another stage. */
function movesByTime(bundle: Bundle): boolean {
  const { watched } = compareBundles(bundle, null);
  const conditions = [
    ...bundle.segments.filter(({ id }) => watched.some((one) => one.id === id)).map(({ when }) => when),
    ...bundle.workspace.stages.map(({ when }) => when),
  ];
  return conditions.some((condition) => condition !== null && readsTime(condition, bundle));
}

/** `segment()` is written out in a compiled condition, so it says all by itself. */
function readsTime(condition: Cel, { attributes }: Bundle): boolean {
  const { roots, traits, windows } = readReferences(condition);
  if (roots.includes('now') || roots.includes('scores') || Object.keys(windows).length > 0) return true;
  if (/\bdaysSince\s*\(/.test(condition)) return true;
  // A value goes stale by itself, too.
  return traits.some((name) => (getOwn(attributes, name)?.fresh ?? null) !== null);
}
