import { type Client, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { customerJourney } from '../workflows/customer-journey.ts';
import { buildWorkflowId } from '../workflows/identifiers.ts';
import {
  type EventNotice,
  eventsSignal,
  type JourneyInput,
  type LiveState,
  stateQuery,
  WORKFLOW_TYPE,
} from '../workflows/messages.ts';

const RUNNING = proto.temporal.api.enums.v1.WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;

const GRPC_NOT_FOUND = 5;

interface Owner {
  workspace: string;
  customerId: string;
}

/** Signals, queries and deletes the workflows of customers. */
export interface JourneyClient {
  /** Signals the workflow and starts it if there is none, in one call: a look-up first would be a race. */
  signal(owner: Owner, events: EventNotice[]): Promise<void>;
  /**
   * Signals again, unless a workflow task or an activity of the workflow is already pending. Under a backlog,
   * repeated signals would only lengthen the queue.
   */
  remind(owner: Owner, events: EventNotice[]): Promise<void>;
  /** Queries the live state. Null when the workflow doesn't run. */
  query(owner: Owner): Promise<LiveState | null>;
  /**
   * Deletes all runs of the workflow, closed ones too. Returns the number that a listing found. Visibility lags, so a
   * single empty listing doesn't prove that none is left.
   */
  erase(owner: Owner): Promise<number>;
  /** Returns whether Temporal answers within two seconds. */
  check(): Promise<boolean>;
}

/** @param input lowers the limits of a workflow run; for tests */
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
      let listed = 0;
      for await (const { runId } of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
        listed++;
        await client.workflowService
          .deleteWorkflowExecution({ namespace, workflowExecution: { workflowId, runId } })
          .catch((error: Error & { code?: number }) => {
            // Already deleted: the listing lags behind.
            if (error.code !== GRPC_NOT_FOUND) throw error;
          });
      }
      return listed;
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
