import type { DecideRequest, EffectRequest } from '../domain/protocol.ts';
import { decideNextBestAction } from './decide-next-best-action.ts';
import { type DeliverDeps, deliver } from './deliver.ts';
import { raiseAgentTask } from './raise-agent-task.ts';

export type ActivityDeps = DeliverDeps;

/** The activities over what they need. The workflow imports only their type. */
export function createActivities(deps: ActivityDeps) {
  return {
    decideNextBestAction: (request: DecideRequest) => decideNextBestAction(deps, request),
    deliver: (request: EffectRequest) => deliver(deps, request),
    raiseAgentTask: (request: EffectRequest) => raiseAgentTask(deps, request),
  };
}

export type Activities = ReturnType<typeof createActivities>;
