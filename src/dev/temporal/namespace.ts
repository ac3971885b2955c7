import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, type ConnectionOptions } from '@temporalio/client';

/** gRPC's status codes that matter here. */
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;

/** `TASK_QUEUE_TYPE_WORKFLOW`; the enum of @temporalio/proto can't be imported by name from an ES module. */
const WORKFLOW_TASKS = 1;

const RETENTION_DAYS = 30;
const POLL_MS = 100;
const PROBE = 'throughline-probe';

/** Connects within `timeoutMs`. It retries, because a starting server refuses connections at first. */
export async function connectWithin(
  timeoutMs: number,
  options: ConnectionOptions,
  giveUp?: () => string | undefined,
) {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await Connection.connect({
        ...options,
        connectTimeout: Math.max(500, Math.min(5_000, deadline - Date.now())),
      });
    } catch (error) {
      const reason = giveUp?.();
      if (reason) throw new Error(reason);
      if (Date.now() >= deadline) throw error;
      await sleep(POLL_MS);
    }
  }
}

/** Whether the server has the namespace. */
export async function namespaceExists({ workflowService }: Connection, namespace: string): Promise<boolean> {
  try {
    await workflowService.describeNamespace({ namespace });
    return true;
  } catch (error) {
    if ((error as { code?: number }).code === NOT_FOUND) return false;
    throw error;
  }
}

/** Registers the namespace if it is missing, and waits until every service of the server can use it. */
export async function ensureNamespace(
  connection: Connection,
  namespace: string,
  timeoutMs: number,
): Promise<void> {
  const { workflowService } = connection;
  const deadline = Date.now() + timeoutMs;
  await until(deadline, async () => {
    const workflowExecutionRetentionPeriod = { seconds: RETENTION_DAYS * 86_400 } as never;
    try {
      await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
    } catch (error) {
      if ((error as { code?: number }).code !== ALREADY_EXISTS) throw error;
    }
  });
  // A registered namespace is not usable at once: history and matching each refresh their own list.
  await until(deadline, async () => {
    try {
      await workflowService.describeWorkflowExecution({ namespace, execution: { workflowId: PROBE } });
    } catch (error) {
      if (!/workflow .*not found/i.test((error as { details?: string }).details ?? '')) throw error;
    }
    await workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: PROBE },
      taskQueueType: WORKFLOW_TASKS,
    });
  });
}

async function until(deadline: number, attempt: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() >= deadline) throw error;
      await sleep(POLL_MS);
    }
  }
}
