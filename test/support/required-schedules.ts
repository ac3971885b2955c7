import { listJobSchedules, listSweepSchedules } from '../../src/service/sync-schedules.ts';
import { buildJobScheduleName, buildScheduleName } from '../../src/temporal/schedules.ts';
import { type TestSystem, WORKSPACE } from './system.ts';

/** The names of the schedules that the first bundle of a system requires, in order. */
export async function listRequiredSchedules({ service, db }: TestSystem): Promise<string[]> {
  const bundle = await service.bundles(db.db.sql, WORKSPACE, 1);
  return [
    ...listSweepSchedules(bundle).map(buildScheduleName),
    ...listJobSchedules(bundle).map(buildJobScheduleName),
  ].sort();
}
