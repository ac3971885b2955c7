import type { Candidate, Verdict } from '../../domain/candidate.ts';
import type { Situation } from '../../domain/context.ts';
import { blocked, type Gate, pass } from '../gate.ts';

const GATE = 'suppression';

/**
 * While a ticket is open, and until its cool-down has passed, the suppressed classes are silent. A service action
 * passes an open ticket only if it is about a ticket or an order: "service" is no loophole.
 */
export const suppression: Gate = (candidate, situation) => {
  const verdicts = [...openTicket(candidate, situation), ...coolDown(candidate, situation)];
  return verdicts.length > 0 ? verdicts : pass(GATE);
};

function openTicket({ action }: Candidate, { openTickets, bundle }: Situation): Verdict[] {
  if (openTickets.length === 0) return [];
  const silenced = bundle.workspace.tickets.suppress.includes(action.class);
  const unrelated = action.class === 'service' && action.about === null;
  if (!silenced && !unrelated) return [];
  const observed = openTickets.map((ticket) => ticket.id);
  return [blocked(GATE, 'ticket_open', { observed, needed: [], liftsAt: null, liftsOn: 'Ticket Closed' })];
}

function coolDown({ action }: Candidate, { quietUntil, now, bundle }: Situation): Verdict[] {
  if (quietUntil === null || quietUntil <= now) return [];
  if (!bundle.workspace.tickets.suppress.includes(action.class)) return [];
  return [blocked(GATE, 'cooling_down', { liftsAt: quietUntil })];
}
