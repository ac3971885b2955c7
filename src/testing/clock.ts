import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { msToTs, optionalTsToMs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';

const { FastForwardPollingResult: Polled } = proto.temporal.api.enums.v1;

/** Enough for years of daily timers. After the server's default (200) skipping would stop without an error. */
const MAX_SKIPS = 10_000;

/**
 * Advances one workflow's clock by `ms`, timer by timer, and stops there, so that the next signal finds the journey at
 * that time. Requires a server with time skipping (1.32). Resolves when the clock has advanced.
 *
 * @throws Error when the workflow ended on the way
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

/** Reads the clock of one workflow, in milliseconds since 1970: ahead of the wall clock if its time was skipped. */
export async function readClock(client: Client, workflowId: string): Promise<number> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  return optionalTsToMs(raw.workflowExtendedInfo?.timeSkippingInfo?.currentTime) ?? Date.now();
}
