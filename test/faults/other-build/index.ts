import { condition, proxyLocalActivities, setHandler, sleep } from '@temporalio/workflow';
import type { Activities } from '../../../src/activities/index.ts';
import { eventsSignal, stateQuery } from '../../../src/workflows/messages.ts';

const { decideNextBestAction } = proxyLocalActivities<Activities>({ startToCloseTimeout: '4s' });

/** Another build of the workflow: it decides once, after a timer. No history of it fits today's code. */
export async function customerJourney(input: { workspace: string; customerId: string }): Promise<void> {
  setHandler(eventsSignal, () => {});
  setHandler(stateQuery, () => ({}) as never);
  await sleep('10 milliseconds');
  await decideNextBestAction({
    ...input,
    ordinal: null,
    now: Date.now(),
    directEvents: [],
    effectsSettled: false,
    rollingOver: false,
  });
  await condition(() => false);
}
