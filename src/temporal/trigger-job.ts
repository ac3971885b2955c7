import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, ScheduleOverlapPolicy } from '@temporalio/client';
import { buildJobScheduleId, type JobSchedule } from './schedules.ts';

const POLL_MS = 100;

/**
 * Triggers a job's schedule, even a paused one, and waits for a run that began after the call. A run that is already
 * under way ends first, because it may have read its data before the call.
 *
 * @throws ScheduleNotFoundError when the workspace has no such schedule
 * @throws WorkflowFailedError when the run fails
 */
export async function triggerJob(
  client: Client,
  taskQueue: string,
  job: Pick<JobSchedule, 'workspace' | 'job'>,
): Promise<void> {
  const schedule = client.schedule.getHandle(buildJobScheduleId(taskQueue, job));
  const runs = async () => {
    const { recentActions } = (await schedule.describe()).info;
    return recentActions.map(({ action }) => action.workflow);
  };
  const before = new Set((await runs()).map((run) => run.firstExecutionRunId));
  await schedule.trigger(ScheduleOverlapPolicy.BUFFER_ONE);
  for (;;) {
    const begun = (await runs()).find((run) => !before.has(run.firstExecutionRunId));
    if (begun) {
      const { workflowId, firstExecutionRunId } = begun;
      await client.workflow.getHandle(workflowId, undefined, { firstExecutionRunId }).result();
      return;
    }
    await sleep(POLL_MS);
  }
}
