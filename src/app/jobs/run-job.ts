import type { Job } from '../../domain/job.ts';
import { countReports } from '../reports/count/count-reports.ts';
import { expireCoupons } from './expire-coupons.ts';
import { fitWorkspace } from './fit/fit-workspace.ts';
import { guardActions } from './guard-actions.ts';
import type { JobDeps, JobProgress, JobRequest } from './job.ts';
import { learnFromRewards } from './learn/learn-from-rewards.ts';

/** All jobs by name. To add one, write `runX(deps, request)` in a file of its own, and add its name to `domain/job.ts`. */
const JOBS: Record<Job, (deps: JobDeps, request: JobRequest) => Promise<JobProgress>> = {
  learn: learnFromRewards,
  fit: fitWorkspace,
  guard: guardActions,
  expire: expireCoupons,
  count: countReports,
};

/** Runs one page of a workspace's job. The job owns its transactions. */
export function runJob(deps: JobDeps, { job, ...request }: JobRequest & { job: Job }): Promise<JobProgress> {
  return JOBS[job](deps, request);
}
