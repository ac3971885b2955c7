import {
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  proxySinks,
  type Sinks,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type * as activities from './activities.ts';

/** The sink through which the workflow reports that it has an activity's result. */
export interface FloorSinks extends Sinks {
  bench: { finished(id: string): void };
}

export const eventSignal = defineSignal<[string]>('event');

const { bench } = proxySinks<FloorSinks>();
const normal = proxyActivities<typeof activities>({ startToCloseTimeout: '10s' });
const local = proxyLocalActivities<typeof activities>({ startToCloseTimeout: '10s' });

/** The floor of parts b and c: one signal and one activity per event. */
export async function floorLoop(kind: 'normal' | 'local'): Promise<void> {
  const inbox: string[] = [];
  setHandler(eventSignal, (id) => {
    inbox.push(id);
  });
  const { reportRun } = kind === 'local' ? local : normal;
  for (;;) {
    await condition(() => inbox.length > 0);
    for (let id = inbox.shift(); id !== undefined; id = inbox.shift()) {
      await reportRun(id);
      bench.finished(id);
    }
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof floorLoop>(kind);
  }
}
