import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';

const { FastForwardPollingResult: Polled } = proto.temporal.api.enums.v1;

/** A year of daily timers, with room: at the server's default (200) skipping would switch itself off silently. */
const MAX_SKIPS = 10_000;

/**
 * Lets one workflow's clock run ahead by `ms`, timer by timer, and stop there: bounded, so that the next signal finds
 * the journey where the test left it. Needs a server with time skipping (1.32); the product knows nothing of it.
 * Resolves when the clock has got there. @throws Error when the workflow ended on the way.
 */
export async function advanceClock(client: Client, workflowId: string, ms: number): Promise<void> {
  const fastForwardId = randomUUID();
  const execution = { namespace: client.options.namespace, workflowExecution: { workflowId } };
  await client.workflowService.updateWorkflowExecutionOptions({
    ...execution,
    workflowExecutionOptions: {
      timeSkippingConfig: {
        enabled: true,
        fastForwardConfig: { id: fastForwardId, duration: msToTs(ms) },
        maxSessionSkipCount: MAX_SKIPS,
      },
    },
    updateMask: { paths: ['time_skipping_config'] },
  });
  for (;;) {
    const answer = await client.workflowService.pollWorkflowExecutionTimeSkipping({
      ...execution,
      fastForwardId,
    });
    if (answer.fastForwardPollingResult === Polled.FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_COMPLETED) return;
    if (answer.fastForwardPollingResult !== Polled.FAST_FORWARD_POLLING_RESULT_POLL_TIMEOUT) {
      throw new Error(`the clock of ${workflowId} stopped: ${answer.failedReason}`);
    }
  }
}
