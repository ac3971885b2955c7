import { type Client, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import type { customerJourney } from '../workflows/customer-journey.ts';
import {
  eventsSignal,
  type JourneyInput,
  type LiveState,
  type News,
  stateQuery,
  WORKFLOW_TYPE,
} from '../workflows/messages.ts';
import { workflowIdOf } from './names.ts';

export interface Owner {
  workspace: string;
  customerId: string;
}

/** What the rest of the house may do with a customer journey. */
export interface JourneyClient {
  /** Signals it, starting it where there is none: never looked up first, for two would then start it twice. */
  signal(owner: Owner, events: News[]): Promise<void>;
  /** Asks the workflow itself. Null where it doesn't run. */
  query(owner: Owner): Promise<LiveState | null>;
  /** Whether Temporal answers. */
  check(): Promise<boolean>;
}

/** `input` may lower the bounds of a run, for tests. */
export function createJourneyClient(
  client: Client,
  taskQueue: string,
  input: Partial<JourneyInput> = {},
): JourneyClient {
  return {
    async signal({ workspace, customerId }, events) {
      await client.workflow.signalWithStart<typeof customerJourney, [{ events: News[] }]>(WORKFLOW_TYPE, {
        workflowId: workflowIdOf(workspace, customerId),
        taskQueue,
        args: [{ ...input, workspace, customerId }],
        signal: eventsSignal,
        signalArgs: [{ events }],
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      });
    },
    async query({ workspace, customerId }) {
      try {
        return await client.workflow.getHandle(workflowIdOf(workspace, customerId)).query(stateQuery);
      } catch (error) {
        if ((error as Error).name === 'WorkflowNotFoundError') return null;
        throw error;
      }
    },
    async check() {
      try {
        await client.connection.withDeadline(Date.now() + 2_000, () =>
          client.workflowService.describeNamespace({ namespace: client.options.namespace }),
        );
        return true;
      } catch {
        return false;
      }
    },
  };
}
