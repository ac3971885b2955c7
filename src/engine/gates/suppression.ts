import type { Candidate, GateVerdict } from '../../domain/candidate.ts';
import type { Ticket } from '../../domain/ticket.ts';
import {
  findSuppressionEnd,
  suppressesAction,
  suppressesUnrelated,
} from '../../domain/ticket-suppression.ts';
import type { DecisionRequest } from '../request.ts';
import { block, type Gate, pass } from './gate.ts';

const GATE = 'suppression';
const RULE = 'tickets';

/**
 * While a ticket is open, and until its cool-down has passed, the suppressed classes are silent. A service action
 * passes an open ticket only if it is about a known ticket or an order: the class "service" is no loophole.
 */
export const suppression: Gate<'service'> = (candidate, request) => {
  const verdicts = [...openTicket(candidate, request), ...coolDown(candidate, request)];
  return verdicts.length > 0 ? verdicts : pass(GATE, RULE);
};

function openTicket(
  candidate: Candidate,
  { openTickets, bundle, facts }: DecisionRequest<'service'>,
): GateVerdict[] {
  const { action } = candidate;
  const policy = bundle.workspace.tickets;
  const loose = action.class === 'service' && !isAbout(candidate, facts.tickets);
  const silencing = openTickets.filter(
    (ticket) =>
      suppressesAction(policy, ticket, action) ||
      (loose && suppressesUnrelated(policy, ticket, action.product)),
  );
  if (silencing.length === 0) return [];
  const observed = silencing.map((ticket) => ticket.id);
  const why = { rule: RULE, observed, needed: [], liftsAt: null, liftsOn: 'Ticket Closed' };
  return [block(GATE, 'ticket_open', why)];
}

/** Whether a service action is tied to what it is for. */
function isAbout({ action, subject }: Candidate, tickets: Ticket[]): boolean {
  if (action.about === 'order') return subject !== null;
  return action.about === 'ticket' && tickets.some((ticket) => ticket.id === subject);
}

function coolDown({ action }: Candidate, { facts, now, bundle }: DecisionRequest<'service'>): GateVerdict[] {
  const policy = bundle.workspace.tickets;
  const cooling = facts.tickets
    .filter((ticket) => ticket.status === 'closed' && suppressesAction(policy, ticket, action))
    .map((ticket) => ({ id: ticket.id, until: findSuppressionEnd(policy, ticket, now) as number }))
    .filter(({ until }) => until > now);
  if (cooling.length === 0) return [];
  const observed = cooling.map(({ id }) => id);
  const liftsAt = Math.max(...cooling.map(({ until }) => until));
  return [block(GATE, 'cooling_down', { rule: RULE, observed, liftsAt })];
}
