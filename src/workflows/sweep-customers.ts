import { continueAsNew, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { SweepInput, SweepResult } from './sweep-messages.ts';

/** Some eleven history events a page: well below the server's own suggestion (4,096 events). */
const PAGES = 300;

/** Set by Temporal on what a schedule starts. */
const SCHEDULED_FOR = 'TemporalScheduledStartTime';

const { beginSweep, sweepPage } = proxyActivities<Activities>({
  startToCloseTimeout: '12s',
  retry: { initialInterval: '1s', maximumInterval: '15s' },
});

/**
 * Walks through all customers of a workspace, page by page, and tells those who are concerned that an entry is due:
 * at a schedule's instant, after an activation, or because time alone may have moved them. Each page commits cursor
 * and events together, so a sweep goes on where it was, whatever is killed.
 */
export async function sweepCustomers(input: SweepInput): Promise<SweepResult> {
  const sweepId = input.sweepId ?? (await begin(input));
  if (sweepId === null) return { seen: 0, found: 0 };
  for (let page = 0; page < (input.pages ?? PAGES) && !workflowInfo().continueAsNewSuggested; page++) {
    const { done, seen, found, nextInMs } = await sweepPage({ sweepId });
    if (done) return { seen, found };
    if (nextInMs > 0) await sleep(nextInMs);
  }
  return continueAsNew<typeof sweepCustomers>({ ...input, sweepId });
}

function begin({ workspace, scheduled }: SweepInput): Promise<string | null> {
  const journey = scheduled?.kind === 'schedule' ? scheduled.journey : null;
  const entry = scheduled?.kind === 'schedule' ? scheduled.entry : null;
  return beginSweep({ workspace, kind: scheduled?.kind ?? 'look', journey, entry, occurrence: occurrence() });
}

/** The instant that the schedule meant, which may be before the one at which it came to start this. */
function occurrence(): string {
  const { typedSearchAttributes, startTime } = workflowInfo();
  const scheduled = typedSearchAttributes.getAll().find(({ key }) => key.name === SCHEDULED_FOR)?.value;
  return (scheduled instanceof Date ? scheduled : startTime).toISOString();
}
