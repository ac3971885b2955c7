import { type Client, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { customerJourney } from '../workflows/customer-journey.ts';
import {
  type EventNotice,
  eventsSignal,
  type JourneyInput,
  type LiveState,
  stateQuery,
  WORKFLOW_TYPE,
} from '../workflows/messages.ts';
import { buildWorkflowId } from './identifiers.ts';

const RUNNING = proto.temporal.api.enums.v1.WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;

const GRPC_NOT_FOUND = 5;

export interface Owner {
  workspace: string;
  customerId: string;
}

/** What the rest of the house may do with a customer journey. */
export interface JourneyClient {
  /** Signals it, starting it where there is none: never looked up first, for two would then start it twice. */
  signal(owner: Owner, events: EventNotice[]): Promise<void>;
  /**
   * Signals it again, unless it is about to look anyway: a task or an effect of it waits to be worked on. Under a
   * backlog, signals on top of signals would only lengthen it.
   */
  remind(owner: Owner, events: EventNotice[]): Promise<void>;
  /** Asks the workflow itself. Null where it doesn't run. */
  query(owner: Owner): Promise<LiveState | null>;
  /**
   * Deletes all its runs, closed ones too. Returns how many a listing has found; visibility lags, so none found once
   * doesn't mean that there is none.
   */
  erase(owner: Owner): Promise<number>;
  /** Whether Temporal answers. */
  check(): Promise<boolean>;
}

/** `input` may lower the bounds of a run, for tests. */
export function createJourneyClient(
  client: Client,
  taskQueue: string,
  input: Partial<JourneyInput> = {},
): JourneyClient {
  const journeys: JourneyClient = {
    async signal({ workspace, customerId }, events) {
      await client.workflow.signalWithStart<typeof customerJourney, [{ events: EventNotice[] }]>(
        WORKFLOW_TYPE,
        {
          workflowId: buildWorkflowId(workspace, customerId),
          taskQueue,
          args: [{ ...input, workspace, customerId }],
          signal: eventsSignal,
          signalArgs: [{ events }],
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
          workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        },
      );
    },
    async remind(owner, events) {
      const { raw } = await client.workflow
        .getHandle(buildWorkflowId(owner.workspace, owner.customerId))
        .describe()
        .catch((error: Error) => {
          if (error.name === 'WorkflowNotFoundError') return { raw: null };
          throw error;
        });
      const running = raw?.workflowExecutionInfo?.status === RUNNING;
      if (running && (raw?.pendingWorkflowTask || raw?.pendingActivities?.length)) return;
      await journeys.signal(owner, events);
    },
    async query({ workspace, customerId }) {
      try {
        return await client.workflow.getHandle(buildWorkflowId(workspace, customerId)).query(stateQuery);
      } catch (error) {
        if ((error as Error).name === 'WorkflowNotFoundError') return null;
        throw error;
      }
    },
    async erase({ workspace, customerId }) {
      const workflowId = buildWorkflowId(workspace, customerId);
      const { namespace } = client.options;
      let found = 0;
      for await (const { runId } of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
        found++;
        await client.workflowService
          .deleteWorkflowExecution({ namespace, workflowExecution: { workflowId, runId } })
          .catch((error: Error & { code?: number }) => {
            // Deleted already: the listing lags behind.
            if (error.code !== GRPC_NOT_FOUND) throw error;
          });
      }
      return found;
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
  return journeys;
}
