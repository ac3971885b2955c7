import type { Run } from './run.ts';

/**
 * Reads the tickets of the snapshot into the state. A closed ticket has no cool-down yet when it comes from
 * acceptance, which doesn't know journey time: it begins with the first decision that sees it closed.
 */
export function foldTickets(run: Run): void {
  const { facts, bundle } = run.input;
  run.openTickets = facts.tickets.filter((ticket) => ticket.status === 'open');
  run.state.openTickets = run.openTickets.map((t) => ({
    id: t.id,
    source: t.source,
    severity: t.severity,
    since: t.openedAt,
  }));
  let quietUntil: number | null = null;
  for (const ticket of facts.tickets) {
    if (ticket.status === 'open') continue;
    if (ticket.quietUntil === null) {
      ticket.quietUntil = run.now + bundle.workspace.tickets.cooldown;
      run.plan.quiet.push({ ticketId: ticket.id, until: ticket.quietUntil });
    }
    quietUntil = Math.max(quietUntil ?? 0, ticket.quietUntil);
  }
  run.state.quietUntil = quietUntil !== null && quietUntil > run.now ? quietUntil : null;
  run.state.paused = facts.paused;
}
