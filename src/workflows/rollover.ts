import { continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { Inbox } from './inbox.ts';
import type { JourneyInput } from './messages.ts';

/** Well below the server's own suggestion (4,096), since a rollover that meets a burst of signals is put off. */
const ROLLOVER_AT = 2_000;

/** Whether the history is long enough. Once true it stays true in this run, so the wish is sticky by itself. */
export function rolloverDue(input: JourneyInput): boolean {
  const info = workflowInfo();
  return info.continueAsNewSuggested || info.historyLength >= (input.rolloverAt ?? ROLLOVER_AT);
}

/**
 * Continues as new. Nothing of the state is carried: the next run is told it by its first answer, with every effect
 * that isn't final. Only events that came by signal alone, and aren't in the log yet, go along.
 */
export function continueJourney(input: JourneyInput, inbox: Inbox): Promise<never> {
  return continueAsNew<(input: JourneyInput) => Promise<void>>({
    ...input,
    unprocessed: inbox.unloggedNotices,
  });
}
