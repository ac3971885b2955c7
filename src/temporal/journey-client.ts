import {
  type Client,
  WorkflowClient,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/client';
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
import { type DirectSignals, readDirectSignals } from './direct-signals.ts';
import { describeMissingNamespace } from './missing-namespace.ts';
import { findStuckRun, isRunning, type StuckRun } from './stuck-run.ts';

const GRPC_NOT_FOUND = 5;

/** Older signals of a run that is ended were accepted long ago. Message ids are kept for longer than this. */
const RECENT_SIGNALS_MS = 30 * 86_400_000;

/** A customer, whose journey is a workflow. */
export interface Owner {
  workspace: string;
  customerId: string;
}

/** Errors of a query to a workflow that does not run. */
const NOT_RUNNING = ['WorkflowNotFoundError', 'QueryRejectedError'];

/** Appends what came by signal alone to the log. Returns the number of events that the log did not have. */
export type AcceptSignals = (owner: Owner, signals: DirectSignals) => Promise<number>;

/** Signals, queries and deletes the workflows of customers. */
export interface JourneyClient {
  /** Signals the workflow and starts it if there is none, in one call: a look-up first would be a race. */
  signal(owner: Owner, events: EventNotice[]): Promise<void>;
  /**
   * Signals again, unless a workflow task or an activity of the workflow is already pending: under a backlog, repeated
   * signals would only lengthen the queue. Returns the run if no signal can move it on.
   */
  remind(owner: Owner, events: EventNotice[]): Promise<StuckRun | null>;
  /**
   * Ends a stuck run and starts the workflow afresh: it resumes at the progress in Postgres.
   *
   * @param accept appends what the run has received by signal alone to the log, so that it isn't lost with the run
   */
  restart(owner: Owner, run: StuckRun, accept: AcceptSignals): Promise<void>;
  /** Reads what a run has received by signal alone; nothing where its history is gone. */
  readSignals(owner: Owner, runId: string): Promise<DirectSignals>;
  /** Queries the live state. Null when the workflow doesn't run. */
  query(owner: Owner): Promise<LiveState | null>;
  /**
   * Deletes all runs of the workflow, closed ones too. Returns the number that a listing found. Visibility lags, so a
   * single empty listing doesn't prove that none is left.
   */
  erase(owner: Owner): Promise<number>;
  /** Asks Temporal for the namespace, for two seconds. */
  check(): Promise<TemporalState>;
}

/** Whether Temporal answers, and has the namespace. `detail` is for people. */
type TemporalState = { kind: 'answers' } | { kind: 'no_namespace' | 'away'; detail: string };

/** @param input lowers the limits of a workflow run; for tests */
export function createJourneyClient(
  client: Client,
  taskQueue: string,
  input: Partial<JourneyInput> = {},
): JourneyClient {
  const startOptions = ({ workspace, customerId }: Owner) => ({
    workflowId: buildWorkflowId(workspace, customerId),
    taskQueue,
    args: [{ ...input, workspace, customerId }] as [JourneyInput],
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
  });
  // A run that has ended would answer with its last state.
  const openWorkflows = new WorkflowClient({
    connection: client.connection,
    namespace: client.options.namespace,
    dataConverter: client.options.loadedDataConverter,
    queryRejectCondition: 'NOT_OPEN',
  });
  const journeys: JourneyClient = {
    async signal(owner, events) {
      await client.workflow.signalWithStart<typeof customerJourney, [{ events: EventNotice[] }]>(
        WORKFLOW_TYPE,
        { ...startOptions(owner), signal: eventsSignal, signalArgs: [{ events }] },
      );
    },
    async remind(owner, events) {
      const workflowId = buildWorkflowId(owner.workspace, owner.customerId);
      const { raw } = await client.workflow
        .getHandle(workflowId)
        .describe()
        .catch((error: Error) => {
          if (error.name === 'WorkflowNotFoundError') return { raw: null };
          throw error;
        });
      if (isRunning(raw)) {
        const stuck = await findStuckRun(client, workflowId, raw);
        if (stuck || raw.pendingWorkflowTask || raw.pendingActivities?.length) return stuck;
      }
      await journeys.signal(owner, events);
      return null;
    },
    async restart(owner, { runId, reason }, accept) {
      const workflowId = buildWorkflowId(owner.workspace, owner.customerId);
      const acceptSignals = async () => accept(owner, await journeys.readSignals(owner, runId));
      await acceptSignals();
      await client.workflow
        .getHandle(workflowId, runId)
        .terminate(`${reason}: started again, the progress is in Postgres`)
        .catch((error: Error) => {
          // It has ended meanwhile.
          if (error.name !== 'WorkflowNotFoundError') throw error;
        });
      await client.workflow.start<typeof customerJourney>(WORKFLOW_TYPE, startOptions(owner));
      // What was signalled between the first reading and the end.
      await acceptSignals();
    },
    async readSignals({ workspace, customerId }, runId) {
      const run = { workflowId: buildWorkflowId(workspace, customerId), runId };
      try {
        return await readDirectSignals(client, run, Date.now() - RECENT_SIGNALS_MS);
      } catch (error) {
        if ((error as Error).name === 'WorkflowNotFoundError') return { directEvents: [] };
        throw error;
      }
    },
    async query({ workspace, customerId }) {
      try {
        return await openWorkflows.getHandle(buildWorkflowId(workspace, customerId)).query(stateQuery);
      } catch (error) {
        if (NOT_RUNNING.includes((error as Error).name)) return null;
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
        return { kind: 'answers' };
      } catch (error) {
        return (error as { code?: number }).code === GRPC_NOT_FOUND
          ? { kind: 'no_namespace', detail: describeMissingNamespace() }
          : { kind: 'away', detail: 'Temporal does not answer' };
      }
    },
  };
  return journeys;
}
