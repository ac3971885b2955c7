/** The task queue of workflows and decisions. Each channel has one of its own behind it, so none holds up another. */
export const TASK_QUEUE = 'throughline';

export function buildChannelQueue(taskQueue: string, channel: string): string {
  return `${taskQueue}-${channel}`;
}

/** Opaque ids only: workflow ids are never encrypted. */
export function buildWorkflowId(workspace: string, customerId: string): string {
  return `customer-journey/${workspace}/${customerId}`;
}
