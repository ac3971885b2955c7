import { EVENT } from '../../domain/event.ts';
import type { JourneyState } from '../../domain/state.ts';
import { computeSuppression, coolDownOf, type Ticket } from '../../domain/ticket.ts';
import { type Instant, iso } from '../../domain/time/time.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import type { AdvanceRun } from './advance-run.ts';
import { publishEvent } from './publish-event.ts';

/**
 * Reads the tickets of the snapshot into the state. A closed ticket has no cool-down yet when it comes from
 * acceptance, which doesn't know journey time: it begins with the first decision that sees it closed.
 */
export function foldTickets(run: AdvanceRun): void {
  const { facts, bundle } = run.input;
  const policy = bundle.workspace.tickets;
  run.openTickets = facts.tickets.filter((ticket) => ticket.status === 'open');
  run.state.openTickets = run.openTickets.map((ticket) => shown(run, ticket));
  const quiet = facts.tickets
    .filter((ticket) => ticket.status === 'closed' && silencesAnything(run, ticket))
    .map((ticket) => beginCoolDown(run, ticket, coolDownOf(policy, ticket)))
    .filter((until) => until > run.now);
  run.state.quietUntil = quiet.length > 0 ? Math.max(...quiet) : null;
  run.state.paused = facts.paused;
  run.suppressed = computeSuppression(policy, facts.tickets, run.now);
}

/** When an open ticket is overdue: until then time has something to say about it. */
export function computeOverdueAt(run: AdvanceRun, { since }: { since: Instant }): Instant {
  return since + run.input.bundle.workspace.tickets.maxAge;
}

export function overdueMessageId(ticketId: string, openedAt: Instant): string {
  return `overdue:${ticketId}:${openedAt}`;
}

/** Told of once. The ticket goes on silencing: only its closing lifts that. */
function shown(run: AdvanceRun, ticket: Ticket): JourneyState['openTickets'][number] {
  const { id, source, severity, openedAt: since } = ticket;
  const known = run.input.state.openTickets.find((t) => t.id === id && t.since === since);
  const entry = { id, source, severity, since };
  if (ticket.ownerId !== null) return entry;
  const overdue = computeOverdueAt(run, entry) <= run.now;
  if (overdue && !known?.overdue) {
    publishEvent(run, overdueMessageId(id, since), EVENT.ticketOverdue, { ticket_id: id, since: iso(since) });
  }
  return overdue ? { ...entry, overdue } : entry;
}

function silencesAnything(run: AdvanceRun, { severity }: Ticket): boolean {
  const policy = run.input.bundle.workspace.tickets;
  return (getOwn(policy.severity, severity)?.suppress ?? policy.suppress).length > 0;
}

function beginCoolDown(run: AdvanceRun, ticket: Ticket, cooldown: number): Instant {
  if (ticket.quietUntil === null) {
    ticket.quietUntil = run.now + cooldown;
    const customerId = ticket.ownerId ?? run.input.facts.customerId;
    run.plan.coolDowns.push({ customerId, ticketId: ticket.id, until: ticket.quietUntil });
  }
  return ticket.quietUntil;
}
