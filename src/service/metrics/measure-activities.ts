import { Context } from '@temporalio/activity';
import type { Activities } from '../../activities/index.ts';
import type { Instruments } from '../../metrics/metrics.ts';
import { readChannelOfQueue } from '../../workflows/identifiers.ts';

/** The activities, with decisions, attempts at deliveries and jobs measured. */
export function measureActivities(
  activities: Activities,
  instruments: Instruments,
  taskQueue: string,
): Activities {
  instruments.throughline_decision_failures_total.inc({ kind: 'journey' }, 0);
  return {
    ...activities,
    async decideNextBestAction(request) {
      const end = instruments.throughline_decision_seconds.startTimer({ kind: 'journey' });
      try {
        return await activities.decideNextBestAction(request);
      } catch (error) {
        instruments.throughline_decision_failures_total.inc({ kind: 'journey' });
        throw error;
      } finally {
        end();
      }
    },
    async deliver(request) {
      const result = await activities.deliver(request);
      const channel = readChannelOfQueue(taskQueue, Context.current().info.taskQueue);
      instruments.throughline_delivery_attempts_total.inc({ channel, state: result.state });
      return result;
    },
    runJob: measureJobs(activities.runJob, instruments),
  };
}

function measureJobs(runJob: Activities['runJob'], instruments: Instruments): Activities['runJob'] {
  const { throughline_job_pages_total: pages, throughline_job_last_success_timestamp_seconds: lastSuccess } =
    instruments;
  const begun = new Set<string>();
  return async (request) => {
    const labels = { workspace: request.workspace, kind: request.job };
    const succeed = () => lastSuccess.set(labels, Date.now() / 1_000);
    const name = JSON.stringify(labels);
    if (!begun.has(name)) succeed();
    begun.add(name);
    try {
      const result = await runJob(request);
      pages.inc({ ...labels, outcome: result.more ? 'more' : 'done' });
      if (!result.more) succeed();
      return result;
    } catch (error) {
      pages.inc({ ...labels, outcome: 'failed' });
      throw error;
    }
  };
}
