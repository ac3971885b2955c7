import { continueAsNew, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { SweepInput, SweepResult } from './sweep-messages.ts';

/** A page takes about eleven history events, so a run stays well below the server's suggestion (4,096 events). */
const PAGES = 300;

/** Search attribute that Temporal sets on workflows started by a schedule. */
const SCHEDULED_FOR = 'TemporalScheduledStartTime';

const { beginSweep, sweepPage } = proxyActivities<Activities>({
  startToCloseTimeout: '12s',
  retry: { initialInterval: '1s', maximumInterval: '5s' },
});

/**
 * Walks through all customers of a workspace, page by page, and appends `Entry Due` to the log of each customer for
 * whom an entry is due: at a schedule's instant, after an activation, or because time alone has moved the customer.
 * Each page commits its cursor and its events together, so a sweep that was killed resumes where it was.
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
  // Every other kind is the hourly sweep. Schedules of older builds call it `look`.
  const schedule = scheduled?.kind === 'schedule' ? scheduled : null;
  return beginSweep({
    workspace,
    kind: schedule ? 'schedule' : 'hourly',
    journey: schedule?.journey ?? null,
    entry: schedule?.entry ?? null,
    occurrence: readOccurrence(),
  });
}

/** Returns the scheduled instant. It may lie before the start of this workflow, when Temporal catches up. */
function readOccurrence(): string {
  const { typedSearchAttributes, startTime } = workflowInfo();
  const scheduled = typedSearchAttributes.getAll().find(({ key }) => key.name === SCHEDULED_FOR)?.value;
  return (scheduled instanceof Date ? scheduled : startTime).toISOString();
}
