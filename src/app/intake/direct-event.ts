import type { DirectEvent } from '../../domain/protocol.ts';
import { SIGNAL_SOURCE } from '../../domain/ticket.ts';
import { readTime } from '../../domain/time/read-time.ts';
import type { IncomingEvent } from './incoming-event.ts';

/** Converts an event that came by signal alone. The workflow names the customer, so no identity has to be resolved. */
export function toIncomingEvent(
  event: DirectEvent,
  owner: { workspace: string; customerId: string },
): IncomingEvent {
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
