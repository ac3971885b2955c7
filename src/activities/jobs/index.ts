import type { Job } from '../../domain/job.ts';
import type { DecideDeps } from '../decide-next-best-action.ts';
import type { SweepDeps } from '../sweep-page.ts';
import { expireCoupons } from './expire-coupons.ts';
import { fitWorkspace } from './fit-workspace.ts';
import { guardActions } from './guard-actions.ts';
import type { JobProgress, JobRequest } from './job.ts';
import { learnFromRewards } from './learn-from-rewards.ts';

export type JobDeps = DecideDeps & SweepDeps;

const JOBS: Record<Job, (deps: JobDeps, request: JobRequest) => Promise<JobProgress>> = {
  learn: learnFromRewards,
  fit: fitWorkspace,
  guard: guardActions,
  expire: expireCoupons,
};

/** Does a page of a workspace's job. */
export function runJob(deps: JobDeps, { job, ...request }: JobRequest & { job: Job }): Promise<JobProgress> {
  return JOBS[job](deps, request);
}
