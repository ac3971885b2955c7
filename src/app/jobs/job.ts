import type { Instant } from '../../domain/time/time.ts';
import type { DecisionServices } from '../decide/services.ts';
import type { SweepDeps } from '../sweeps/sweep-page.ts';

export type JobDeps = DecisionServices & SweepDeps;

export interface JobRequest {
  workspace: string;
  /** Journey time. */
  now: Instant;
}

/** A page of it is done; with `more`, it is called again at once. */
export interface JobProgress {
  more: boolean;
  /** A sweep that it has begun and that isn't over: somebody has to run it. */
  sweep?: string | null;
}
