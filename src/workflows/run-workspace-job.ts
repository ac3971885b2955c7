import {
  continueAsNew,
  ParentClosePolicy,
  proxyActivities,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { JobInput } from './job-messages.ts';
import { SWEEP_TYPE, type SweepInput } from './sweep-messages.ts';

const { runJob } = proxyActivities<Activities>({
  startToCloseTimeout: '5m',
  retry: { initialInterval: '1s', maximumInterval: '15s', maximumAttempts: 20 },
});

/**
 * Does one job of a workspace, page by page, until nothing is left. Every page commits by itself and may be done again.
 * Its clock is the workflow's, so that a journey under a skipped clock finds its windows closed.
 */
export async function runWorkspaceJob(input: JobInput): Promise<void> {
  while (!workflowInfo().continueAsNewSuggested) {
    const { more, sweep } = await runJob({ ...input, now: Date.now() });
    if (sweep) await runSweep(input.workspace, sweep);
    if (!more) return;
  }
  await continueAsNew<typeof runWorkspaceJob>(input);
}

/** It goes on by itself, under the id that a sweep has wherever it is started: one that runs already is left alone. */
async function runSweep(workspace: string, sweepId: string): Promise<void> {
  const workflowId = `sweep/${workflowInfo().taskQueue}/${sweepId}`;
  const args: [SweepInput] = [{ workspace, sweepId }];
  try {
    await startChild(SWEEP_TYPE, { workflowId, args, parentClosePolicy: ParentClosePolicy.ABANDON });
  } catch (error) {
    if ((error as Error).name !== 'WorkflowExecutionAlreadyStartedError') throw error;
  }
}
