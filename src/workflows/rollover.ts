import { continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { Inbox } from './inbox.ts';
import type { JourneyInput } from './messages.ts';

/** Well below the server's own suggestion (4,096 events), because a burst of signals may delay the rollover. */
const ROLLOVER_AT = 2_000;

/** Whether the history is long enough for a new run. Once true, it stays true in this run. */
export function rolloverDue(input: JourneyInput): boolean {
  const info = workflowInfo();
  return info.continueAsNewSuggested || info.historyLength >= (input.rolloverAt ?? ROLLOVER_AT);
}

/**
 * Continues as new. No state is passed on: the first answer of the next run brings it, with every effect that isn't
 * final. Only notices of events that came by signal alone, and aren't in the log yet, are part of the input.
 */
export function continueJourney(input: JourneyInput, inbox: Inbox): Promise<never> {
  const { workspace, customerId, rolloverAt } = input;
  return continueAsNew<(input: JourneyInput) => Promise<void>>({
    workspace,
    customerId,
    ...(rolloverAt === undefined ? {} : { rolloverAt }),
    ...inbox.remainder,
  });
}
