import { EVENT } from '../../domain/event.ts';
import type { JourneyState } from '../../domain/state.ts';
import type { Ticket } from '../../domain/ticket.ts';
import {
  computeSuppression,
  coolDownOf,
  findCoolDownEnd,
  suppressedClasses,
} from '../../domain/ticket-suppression.ts';
import { type Instant, iso } from '../../domain/time/time.ts';
import type { AdvanceRun } from './advance-run.ts';
import { publishEvent } from './publish-event.ts';

/**
 * Brings the state up to date with the tickets. Acceptance closes a ticket without a cool-down, since it does not know
 * journey time. The first decision that sees the ticket closed therefore begins the cool-down and writes its end.
 */
export function foldTickets(run: AdvanceRun): void {
  const { facts, bundle } = run.input;
  const policy = bundle.workspace.tickets;
  run.openTickets = facts.tickets.filter((ticket) => ticket.status === 'open');
  run.state.openTickets = run.openTickets.map((ticket) => toOpenTicket(run, ticket));
  for (const ticket of run.openTickets) publishOverdue(run, ticket);
  for (const ticket of facts.tickets) beginCoolDown(run, ticket);
  run.state.quietUntil = findCoolDownEnd(policy, facts.tickets, run.now);
  run.state.paused = facts.paused;
  run.suppressed = computeSuppression(policy, facts.tickets, run.now);
}

/** When an open ticket becomes overdue. */
export function computeOverdueAt(run: AdvanceRun, { since }: { since: Instant }): Instant {
  return since + run.input.bundle.workspace.tickets.maxAge;
}

export function overdueMessageId(ticketId: string, openedAt: Instant): string {
  return `overdue:${ticketId}:${openedAt}`;
}

function toOpenTicket(run: AdvanceRun, ticket: Ticket): JourneyState['openTickets'][number] {
  const { id, source, severity, openedAt: since } = ticket;
  const entry = { id, source, severity, since };
  return isOverdue(run, ticket) ? { ...entry, overdue: true } : entry;
}

/** Only the customer's own tickets: the owner's decision publishes it for tickets of others. */
function isOverdue(run: AdvanceRun, { ownerId, openedAt }: Ticket): boolean {
  return ownerId === null && computeOverdueAt(run, { since: openedAt }) <= run.now;
}

/** `Ticket Overdue`, once per ticket. The ticket goes on suppressing until it closes. */
function publishOverdue(run: AdvanceRun, ticket: Ticket): void {
  const { id, source, openedAt: since } = ticket;
  const isPublished = run.input.state.openTickets.some(
    (t) => t.id === id && t.source === source && t.since === since && t.overdue,
  );
  if (isPublished || !isOverdue(run, ticket)) return;
  publishEvent(run, overdueMessageId(id, since), EVENT.ticketOverdue, { ticket_id: id, since: iso(since) });
}

function beginCoolDown(run: AdvanceRun, ticket: Ticket): void {
  const policy = run.input.bundle.workspace.tickets;
  if (ticket.status !== 'closed' || ticket.quietUntil !== null) return;
  if (suppressedClasses(policy, ticket).length === 0) return;
  ticket.quietUntil = run.now + coolDownOf(policy, ticket);
  const customerId = ticket.ownerId ?? run.input.facts.customerId;
  run.plan.coolDowns.push({ customerId, ticketId: ticket.id, until: ticket.quietUntil });
}
