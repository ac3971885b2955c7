import type { FanoutRow } from '../../../db/accounts/fanouts.ts';
import { readAccountId } from '../../domain/customer/profile.ts';
import type { Bundle } from '../../domain/definition.ts';
import { ACCOUNT_SOURCE, isAccountEcho } from '../../domain/event.ts';
import { readTicket } from '../../domain/ticket.ts';
import type { IncomingEvent } from './incoming-event.ts';

/** The account that an event says its customer belongs to. */
export function readJoinedAccount(event: IncomingEvent): string | undefined {
  // Nearly every event names none, and this is asked of all.
  if (event.type !== 'group' && event.context.groupId === undefined) return undefined;
  return readAccountId({ ...event, seq: 0 });
}

/** Whether a ticket silences the whole account, so that it is accepted under the account's lock. */
export function silencesAccount(event: IncomingEvent, bundle: Bundle | null): boolean {
  return bundle?.workspace.tickets.scope === 'account' && isTicketEvent(event);
}

/** Whether a ticket silences the same person in other workspaces of the group. */
export function silencesGroup(event: IncomingEvent, bundle: Bundle | null): boolean {
  return bundle?.group?.shareSuppression === true && isTicketEvent(event);
}

/** Whether it says something of a ticket of this customer's own. */
export function isTicketEvent(event: IncomingEvent): boolean {
  // Nearly every event is none, and this is asked of all.
  if (!event.name.startsWith('Ticket ') || isAccountEcho(event)) return false;
  return readTicket({ ...event, seq: 0 }) !== undefined;
}

/** Whether the account's other contacts must know of it. `traitsChanged`: of the account, by this event. */
export function needsEcho(event: IncomingEvent, bundle: Bundle | null, traitsChanged: boolean): boolean {
  if (event.historical || isAccountEcho(event) || bundle === null) return false;
  if (traitsChanged || silencesAccount(event, bundle)) return true;
  return bundle.interest.accountEvents.includes(event.name);
}

/** The same event as another contact of the account is told of it. One per contact, however often it is told. */
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
