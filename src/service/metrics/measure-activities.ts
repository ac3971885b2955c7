import { Context } from '@temporalio/activity';
import type { Activities } from '../../activities/index.ts';
import type { Instruments } from '../../metrics/metrics.ts';
import { readChannelOfQueue } from '../../workflows/identifiers.ts';

/** The activities, with decisions and attempts at deliveries measured. */
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
  };
}
