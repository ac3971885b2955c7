import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { buildChannelQueue } from '../workflows/identifiers.ts';
import { readPollers } from './pollers.ts';

/** What the server and the namespace are. */
export interface TemporalFacts {
  address: string;
  namespace: string;
  serverVersion: string;
  namespaceFound: boolean;
  /** How long ended runs are kept; null where the server does not say. */
  retentionMs: number | null;
  /** Partitions of the task queue of workflows; null where the server does not say. */
  partitions: number | null;
  /** Whether listings show workflows whose tasks fail. */
  marksProblems: boolean;
}

/** A task queue, and the workers that poll it. */
export interface QueueFacts {
  queue: string;
  /** `workflows`, `decisions`, or the channel. */
  purpose: string;
  pollers: number;
  /** Milliseconds since the last poll; null if there was none. */
  seenMs: number | null;
}

const GRPC_INVALID_ARGUMENT = 3;
const GRPC_NOT_FOUND = 5;
const { TaskQueueType } = proto.temporal.api.enums.v1;

/** Reads what the server and the namespace are. @throws if the server does not answer */
export async function inspectTemporal(
  client: Client,
  address: string,
  taskQueue: string,
): Promise<TemporalFacts> {
  const { workflowService, options } = client;
  const { namespace } = options;
  const { serverVersion } = await workflowService.getSystemInfo({});
  const described = await workflowService.describeNamespace({ namespace }).catch(unless(GRPC_NOT_FOUND));
  const retention = described?.config?.workflowExecutionRetentionTtl?.seconds;
  const facts = {
    address,
    namespace,
    serverVersion: serverVersion ?? '',
    namespaceFound: described !== null,
    retentionMs: retention === null || retention === undefined ? null : Number(retention) * 1_000,
  };
  if (described === null) return { ...facts, partitions: null, marksProblems: false };
  const queue = await workflowService
    .listTaskQueuePartitions({ namespace, taskQueue: { name: taskQueue } })
    .catch(() => null);
  const marked = await workflowService
    .listWorkflowExecutions({ namespace, query: 'TemporalReportedProblems IS NOT NULL', pageSize: 1 })
    .catch(unless(GRPC_INVALID_ARGUMENT));
  return {
    ...facts,
    partitions: queue?.workflowTaskQueuePartitions?.length ?? null,
    marksProblems: marked !== null,
  };
}

/** Reads who polls the queues of workflows, of decisions, and of these channels. */
export async function inspectQueues(
  client: Client,
  taskQueue: string,
  channels: readonly string[],
): Promise<QueueFacts[]> {
  const { workflowService, options } = client;
  const read = async (queue: string, purpose: string, taskQueueType: number): Promise<QueueFacts> => {
    const { count, seenMs } = await readPollers(workflowService, options.namespace, queue, taskQueueType);
    return { queue, purpose, pollers: count, seenMs };
  };
  return Promise.all([
    read(taskQueue, 'workflows', TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW),
    read(taskQueue, 'decisions', TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
    ...channels.map((channel) =>
      read(
        buildChannelQueue(taskQueue, channel),
        `channel ${channel}`,
        TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
      ),
    ),
  ]);
}

/** A schedule, and when it starts something. */
export interface ScheduleState {
  /** Within the installation: `fit/aroma`. */
  name: string;
  paused: boolean;
  /** Why an operator has paused it. */
  note: string | null;
  /** Milliseconds; null: never, as far as the server says. */
  nextAt: number | null;
  lastAt: number | null;
  /** The workflow that it started last. */
  lastRun: { workflowId: string; runId: string } | null;
}

/** The schedules of an installation. The listing lags behind by seconds. */
export async function listScheduleStates(client: Client, taskQueue: string): Promise<ScheduleState[]> {
  const prefix = `${taskQueue}/`;
  const schedules: ScheduleState[] = [];
  for await (const { scheduleId, state, info } of client.schedule.list({ pageSize: 1_000 })) {
    if (!scheduleId.startsWith(prefix)) continue;
    const last = info?.recentActions.at(-1);
    const workflow = last?.action.workflow;
    schedules.push({
      name: scheduleId.slice(prefix.length),
      paused: state?.paused ?? false,
      note: state?.note || null,
      nextAt: info?.nextActionTimes[0]?.getTime() ?? null,
      lastAt: last?.takenAt.getTime() ?? null,
      lastRun: workflow ? { workflowId: workflow.workflowId, runId: workflow.firstExecutionRunId } : null,
    });
  }
  return schedules;
}

/** How a run ended, or that it still runs: `COMPLETED`, `FAILED`, `RUNNING`… Null if the server does not know it any more. */
export async function readRunOutcome(
  client: Client,
  { workflowId, runId }: NonNullable<ScheduleState['lastRun']>,
): Promise<string | null> {
  try {
    return (await client.workflow.getHandle(workflowId, runId).describe()).status.name;
  } catch (error) {
    if ((error as Error).name === 'WorkflowNotFoundError') return null;
    throw error;
  }
}

/** Turns an error of this code into null. */
function unless(code: number): (error: unknown) => null {
  return (error) => {
    if ((error as { code?: unknown }).code === code) return null;
    throw error;
  };
}
