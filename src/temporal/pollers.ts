import type { WorkflowService } from '@temporalio/client';

/** The workers that poll a task queue, as Temporal remembers them for some minutes. */
export interface Pollers {
  count: number;
  /** Milliseconds since the last poll; null if there was none. */
  seenMs: number | null;
}

/** Reads who polls a task queue. `taskQueueType` is a value of Temporal's `TaskQueueType`. */
export async function readPollers(
  workflowService: Pick<WorkflowService, 'describeTaskQueue'>,
  namespace: string,
  queue: string,
  taskQueueType: number,
): Promise<Pollers> {
  const { pollers } = await workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: queue },
    taskQueueType,
  });
  const seen = (pollers ?? []).map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000);
  return {
    count: seen.length,
    seenMs: seen.length === 0 ? null : Math.max(0, Date.now() - Math.max(...seen)),
  };
}
