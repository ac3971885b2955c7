import type { Instant } from '../../domain/time/time.ts';
import type { DecisionServices } from '../decide/services.ts';
import type { SweepDeps } from '../sweeps/sweep-page.ts';

export type JobDeps = DecisionServices & SweepDeps;

export interface JobRequest {
  workspace: string;
  /** Journey time. */
  now: Instant;
}

/** The result of one page of a job. With `more`, the caller runs the next page at once. */
export interface JobProgress {
  more: boolean;
  /** Id of a sweep that the job started and that isn't finished: the caller has to run it. */
  sweep?: string | null;
}
