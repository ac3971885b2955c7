import type { Job } from '../domain/job.ts';

/** Never renamed once shipped: schedules and running workflows name it. */
export const JOB_TYPE = 'runWorkspaceJob';

/** What a schedule starts it with. */
export interface JobInput {
  workspace: string;
  job: Job;
}
