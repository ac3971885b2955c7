import { saveRejectedEvents } from '../../../db/events/save-rejected.ts';
import type { DecideRequest, DirectEvent } from '../../domain/protocol.ts';
import { SIGNAL_SOURCE } from '../../domain/ticket.ts';
import { readTime } from '../../domain/time/read-time.ts';
import { acceptOrSplit } from './batcher.ts';
import type { Intake } from './commit.ts';
import type { IncomingEvent } from './incoming-event.ts';
import { rejectSignalled } from './rejection.ts';

interface Owner {
  workspace: string;
  customerId: string;
}

/**
 * Accepts what a workflow has received by signal alone. An event that cannot be stored goes to the rejected list, as do
 * the items that are no events. Thrown, it would come again with every retry.
 *
 * @returns the number of events that the log did not have
 */
export async function acceptDirectEvents(
  intake: Intake,
  { workspace, customerId }: Owner,
  { directEvents, directRefusals = [] }: Pick<DecideRequest, 'directEvents' | 'directRefusals'>,
): Promise<number> {
  if (directRefusals.length > 0) {
    const rejections = directRefusals.map((refusal) => rejectSignalled(refusal, { workspace, customerId }));
    await saveRejectedEvents(intake.db.sql, rejections);
    for (const { code } of rejections) intake.onRejected?.({ workspace, code });
  }
  const events = directEvents.map((event) => toIncomingEvent(event, { workspace, customerId }));
  const receipts = events.length > 0 ? await acceptOrSplit(intake, events) : [];
  return receipts.filter(({ status }) => status === 'accepted').length;
}

/** Converts an event that came by signal alone. The workflow names the customer, so no identity has to be resolved. */
export function toIncomingEvent(event: DirectEvent, owner: Owner): IncomingEvent {
  return {
    workspace: owner.workspace,
    customerId: owner.customerId,
    messageId: event.messageId,
    type: event.type,
    name: event.event,
    at: readTime(event.timestamp) ?? Date.now(),
    historical: false,
    source: SIGNAL_SOURCE,
    properties: event.properties,
    traits: {},
    context: {},
  };
}
