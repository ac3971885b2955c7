import { EVENT } from '../event.ts';
import { own } from '../own.ts';
import type { JourneyState } from '../state.ts';
import { cooldownOf, suppressedBy, type Ticket } from '../ticket.ts';
import { type Instant, iso } from '../time.ts';
import type { Run } from './run.ts';
import { say } from './say.ts';

/**
 * Reads the tickets of the snapshot into the state. A closed ticket has no cool-down yet when it comes from
 * acceptance, which doesn't know journey time: it begins with the first decision that sees it closed.
 */
export function foldTickets(run: Run): void {
  const { facts, bundle } = run.input;
  const policy = bundle.workspace.tickets;
  run.openTickets = facts.tickets.filter((ticket) => ticket.status === 'open');
  run.state.openTickets = run.openTickets.map((ticket) => shown(run, ticket));
  const quiet = facts.tickets
    .filter((ticket) => ticket.status === 'closed' && silencesAnything(run, ticket))
    .map((ticket) => beginCoolDown(run, ticket, cooldownOf(policy, ticket)))
    .filter((until) => until > run.now);
  run.state.quietUntil = quiet.length > 0 ? Math.max(...quiet) : null;
  run.state.paused = facts.paused;
  run.suppressed = suppressedBy(policy, facts.tickets, run.now);
}

/** When an open ticket is overdue: until then time has something to say about it. */
export function overdueAt(run: Run, { since }: { since: Instant }): Instant {
  return since + run.input.bundle.workspace.tickets.maxAge;
}

export function overdueId(ticketId: string, openedAt: Instant): string {
  return `overdue:${ticketId}:${openedAt}`;
}

/** Told of once. The ticket goes on silencing: only its closing lifts that. */
function shown(run: Run, ticket: Ticket): JourneyState['openTickets'][number] {
  const { id, source, severity, openedAt: since } = ticket;
  const known = run.input.state.openTickets.find((t) => t.id === id && t.since === since);
  const entry = { id, source, severity, since };
  if (ticket.of !== null) return entry;
  const overdue = overdueAt(run, entry) <= run.now;
  if (overdue && !known?.overdue) {
    say(run, overdueId(id, since), EVENT.ticketOverdue, { ticket_id: id, since: iso(since) });
  }
  return overdue ? { ...entry, overdue } : entry;
}

function silencesAnything(run: Run, { severity }: Ticket): boolean {
  const policy = run.input.bundle.workspace.tickets;
  return (own(policy.severity, severity)?.suppress ?? policy.suppress).length > 0;
}

function beginCoolDown(run: Run, ticket: Ticket, cooldown: number): Instant {
  if (ticket.quietUntil === null) {
    ticket.quietUntil = run.now + cooldown;
    const customerId = ticket.of ?? run.input.facts.customerId;
    run.plan.quiet.push({ customerId, ticketId: ticket.id, until: ticket.quietUntil });
  }
  return ticket.quietUntil;
}
