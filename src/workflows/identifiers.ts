/** Default task queue of workflows and decisions. Each channel has a queue of its own, so none delays another. */
export const TASK_QUEUE = 'throughline';

/** The task queue of a channel's deliveries. */
export function buildChannelQueue(taskQueue: string, channel: string): string {
  return `${taskQueue}-${channel}`;
}

/** The channel whose deliveries this task queue has. */
export function readChannelOfQueue(taskQueue: string, channelQueue: string): string {
  return channelQueue.slice(taskQueue.length + 1);
}

/** Id of a customer's workflow. Only opaque ids may be part of it, because Temporal never encrypts workflow ids. */
export function buildWorkflowId(workspace: string, customerId: string): string {
  return `customer-journey/${workspace}/${customerId}`;
}

/** The customer whose workflow has this id; null for another kind of workflow. */
export function readWorkflowId(workflowId: string): { workspace: string; customerId: string } | null {
  const [, workspace, customerId] = /^customer-journey\/([^/]+)\/([^/]+)$/.exec(workflowId) ?? [];
  return workspace === undefined || customerId === undefined ? null : { workspace, customerId };
}

/** Id of a sweep's workflow. Installations that share a namespace have task queues of their own, and so own sweeps. */
export function buildSweepWorkflowId(taskQueue: string, sweepId: string): string {
  return `sweep/${taskQueue}/${sweepId}`;
}
