import { proxyLocalActivities, sleep } from '@temporalio/workflow';
import type { Activities } from '../../../src/activities/index.ts';

const { decideNextBestAction } = proxyLocalActivities<Activities>({ startToCloseTimeout: '4s' });

/** The negative control: it waits before it decides, so no recorded history fits it. If it replays, the test is blind. */
export async function customerJourney(input: { workspace: string; customerId: string }): Promise<void> {
  await sleep('1 minute');
  await decideNextBestAction({
    ...input,
    ordinal: null,
    now: Date.now(),
    directEvents: [],
    effectsSettled: false,
    rollingOver: false,
  });
}
