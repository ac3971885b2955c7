import {
  continueAsNew,
  ParentClosePolicy,
  proxyActivities,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { buildSweepWorkflowId } from './identifiers.ts';
import type { JobInput } from './job-messages.ts';
import { SWEEP_TYPE, type SweepInput } from './sweep-messages.ts';

const { runJob } = proxyActivities<Activities>({
  startToCloseTimeout: '5m',
  retry: { initialInterval: '1s', maximumInterval: '5s', maximumAttempts: 120 },
});

/**
 * Runs one job of a workspace, page by page, until no work is left. Every page commits by itself and is safe to repeat.
 * The job's clock is the workflow's, so that a test that skips time also closes the job's windows.
 */
export async function runWorkspaceJob(input: JobInput): Promise<void> {
  while (!workflowInfo().continueAsNewSuggested) {
    const { more, sweep } = await runJob({ ...input, now: Date.now() });
    if (sweep) await startSweep(input.workspace, sweep);
    if (!more) return;
  }
  await continueAsNew<typeof runWorkspaceJob>(input);
}

/** Starts a sweep that outlives this job. Its workflow id follows from the sweep, so a running one isn't started twice. */
async function startSweep(workspace: string, sweepId: string): Promise<void> {
  const workflowId = buildSweepWorkflowId(workflowInfo().taskQueue, sweepId);
  const args: [SweepInput] = [{ workspace, sweepId }];
  try {
    await startChild(SWEEP_TYPE, { workflowId, args, parentClosePolicy: ParentClosePolicy.ABANDON });
  } catch (error) {
    if ((error as Error).name !== 'WorkflowExecutionAlreadyStartedError') throw error;
  }
}
