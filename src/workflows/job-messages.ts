import type { Job } from '../domain/job.ts';

/** Must never change once released: schedules and running workflows name it. */
export const JOB_TYPE = 'runWorkspaceJob';

/** The input with which a schedule starts the workflow. */
export interface JobInput {
  workspace: string;
  job: Job;
}
