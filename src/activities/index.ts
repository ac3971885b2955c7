import { Context } from '@temporalio/activity';
import { decideNextBestAction } from '../app/decide/journey.ts';
import { type DeliverDeps, deliver } from '../app/deliver/deliver.ts';
import type { JobRequest } from '../app/jobs/job.ts';
import { runJob } from '../app/jobs/run-job.ts';
import {
  beginScheduledSweep,
  type ScheduledSweep,
  type SweepDeps,
  sweepPage,
} from '../app/sweeps/sweep-page.ts';
import { raiseAgentTask } from '../app/tasks/raise-agent-task.ts';
import type { Job } from '../domain/job.ts';
import type { DecideRequest, EffectRequest } from '../domain/protocol.ts';

export type ActivityDeps = DeliverDeps & Pick<SweepDeps, 'sweepRate'>;

/**
 * Binds each activity to the use case that does its work. Activities hold no logic of their own, and their names must
 * never change once released: histories name them. Workflows import only the type `Activities`.
 */
export function createActivities(deps: ActivityDeps) {
  return {
    decideNextBestAction: (request: DecideRequest) => decideNextBestAction(deps, request),
    deliver: (request: EffectRequest) => deliver(deps, withStartTime(request)),
    raiseAgentTask: (request: EffectRequest) => raiseAgentTask(deps, withStartTime(request)),
    runJob: (request: JobRequest & { job: Job }) => runJob(deps, request),
    beginSweep: (request: ScheduledSweep) => beginScheduledSweep(deps, request),
    sweepPage: (request: { sweepId: string }) => sweepPage(deps, request),
  };
}

export type Activities = ReturnType<typeof createActivities>;

/** Adds the time that the activity waited in its queue: Temporal never renews the arguments of an activity. */
function withStartTime(request: EffectRequest): EffectRequest {
  const waited = Date.now() - Context.current().info.currentAttemptScheduledTimestampMs;
  return { ...request, now: request.now + Math.max(0, waited) };
}
