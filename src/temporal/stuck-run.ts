import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import proto from '@temporalio/proto';

const { EventType, WorkflowExecutionStatus, WorkflowTaskFailedCause } = proto.temporal.api.enums.v1;

/** A run whose workflow task keeps failing, so that it will never move again. */
export interface StuckRun {
  runId: string;
  reason: string;
}

/** From this attempt on a workflow task counts as failing for good, whatever the cause. */
const LAST_ATTEMPT = 5;
/** The first attempt that is not the repetition on the worker whose cache may have been at fault. */
const REPLAYED_ATTEMPT = 2;
/** Newest events that are searched for the failure. */
const NEWEST_EVENTS = 20;

type Description = temporal.api.workflowservice.v1.IDescribeWorkflowExecutionResponse;

export function isRunning(description: Description | null): description is Description {
  const status = description?.workflowExecutionInfo?.status;
  return status === WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
}

/**
 * Whether the run can't be moved on by any worker. A history that does not fit the code fails again at every replay, so
 * that is certain after the second one. Other failures may pass, and count from the fifth attempt on. An attempt whose
 * worker died also counts as failed; a run that is ended for that loses nothing, since Postgres owns the progress.
 */
export async function findStuckRun(
  client: Client,
  workflowId: string,
  description: Description,
): Promise<StuckRun | null> {
  const attempt = description.pendingWorkflowTask?.attempt ?? 0;
  const runId = description.workflowExecutionInfo?.execution?.runId;
  if (!runId || attempt < REPLAYED_ATTEMPT) return null;
  if (attempt >= LAST_ATTEMPT) return { runId, reason: `its workflow task has failed ${attempt - 1} times` };
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: NEWEST_EVENTS,
  });
  for (const { eventType, workflowTaskFailedEventAttributes: failed } of history?.events ?? []) {
    if (eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED) return null;
    if (eventType !== EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED) continue;
    const { WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR: mismatch } = WorkflowTaskFailedCause;
    return failed?.cause === mismatch
      ? { runId, reason: 'its history does not fit the workflow code' }
      : null;
  }
  return null;
}
