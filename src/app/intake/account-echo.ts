import type { FanoutRow } from '../../../db/accounts/fanouts.ts';
import { readAccountId } from '../../domain/customer/profile.ts';
import type { Bundle } from '../../domain/definition.ts';
import { ACCOUNT_SOURCE, isAccountEcho } from '../../domain/event.ts';
import { readTicket } from '../../domain/ticket.ts';
import type { IncomingEvent } from './incoming-event.ts';

/** Reads the account that the event assigns its customer to. */
export function readJoinedAccount(event: IncomingEvent): string | undefined {
  // Fast path: nearly no event names an account, and every event passes here.
  if (event.type !== 'group' && event.context.groupId === undefined) return undefined;
  return event.joinsNoAccount ? undefined : readAccountId({ ...event, seq: 0 });
}

/** Whether a ticket silences the whole account, so that it is accepted under the account's lock. */
export function silencesAccount(event: IncomingEvent, bundle: Bundle | null): boolean {
  return bundle?.workspace.tickets.scope === 'account' && isTicketEvent(event);
}

/** Whether a ticket silences the same person in other workspaces of the group. */
export function silencesGroup(event: IncomingEvent, bundle: Bundle | null): boolean {
  return bundle?.group?.shareSuppression === true && isTicketEvent(event);
}

/** Whether the event is about a ticket of the customer's own. */
export function isTicketEvent(event: IncomingEvent): boolean {
  // Fast path: nearly no event is about a ticket, and every event passes here.
  if (!event.name.startsWith('Ticket ') || isAccountEcho(event)) return false;
  return readTicket({ ...event, seq: 0 }) !== undefined;
}

/**
 * Whether the account's other members receive an echo of the event.
 *
 * @param traitsChanged whether the event has changed the account's traits
 */
export function needsEcho(
  event: IncomingEvent & { repeats?: string | null },
  bundle: Bundle | null,
  traitsChanged: boolean,
): boolean {
  if (event.historical || isAccountEcho(event) || bundle === null) return false;
  if (traitsChanged) return true;
  if (event.repeats) return false;
  if (silencesAccount(event, bundle)) return true;
  return bundle.interest.accountEvents.includes(event.name);
}

/** Builds the event's echo for another member of the account. Its message id makes repeated deliveries one event. */
export function buildEcho(fanout: FanoutRow, customerId: string): IncomingEvent {
  const { id, workspace, accountId, event } = fanout;
  return {
    workspace,
    customerId,
    messageId: `${id}/${customerId}`,
    type: event.type,
    name: event.name,
    at: event.at,
    historical: false,
    source: ACCOUNT_SOURCE,
    properties: event.properties,
    traits: {},
    context: { account: { id: accountId, from: fanout.customerId, event: id } },
  };
}
