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

/** The activities over what they need. The workflow imports only their type. */
export function createActivities(deps: ActivityDeps) {
  return {
    decideNextBestAction: (request: DecideRequest) => decideNextBestAction(deps, request),
    deliver: (request: EffectRequest) => deliver(deps, atStart(request)),
    raiseAgentTask: (request: EffectRequest) => raiseAgentTask(deps, atStart(request)),
    runJob: (request: JobRequest & { job: Job }) => runJob(deps, request),
    beginSweep: (wanted: ScheduledSweep) => beginScheduledSweep(deps, wanted),
    sweepPage: (request: { sweepId: string }) => sweepPage(deps, request),
  };
}

/** Journey time goes on while an activity waits in its queue, and Temporal never renews its arguments. */
function atStart(request: EffectRequest): EffectRequest {
  const waited = Date.now() - Context.current().info.currentAttemptScheduledTimestampMs;
  return { ...request, now: request.now + Math.max(0, waited) };
}

export type Activities = ReturnType<typeof createActivities>;
