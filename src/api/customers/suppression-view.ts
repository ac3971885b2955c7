import type { z } from 'zod';
import type { Bundle } from '../../domain/definition.ts';
import type { Ticket } from '../../domain/ticket.ts';
import {
  coolDownOf,
  findSuppressionEnd,
  isInForce,
  suppressedClasses,
} from '../../domain/ticket-suppression.ts';
import { type Instant, iso, SECOND } from '../../domain/time/time.ts';
import { toIsoOrNull } from '../frame/format.ts';
import type { suppression, ticket } from './suppression-schema.ts';

/** The customer's own, and those of others that silence this customer, too. */
export function toOpenTicketViews(tickets: Ticket[]): z.infer<typeof ticket>[] {
  return tickets
    .filter((ticket) => ticket.status === 'open')
    .map(({ id, source, rawStatus, severity, subject, openedAt, product, ownerId }) => ({
      id,
      source,
      status: rawStatus,
      severity,
      subject,
      since: iso(openedAt),
      product: product ?? null,
      ownerId: ownerId ?? null,
    }));
}

/** Open tickets suppress until they close, closed ones until their cool-down ends. */
export function toSuppressionView(
  tickets: Ticket[],
  bundle: Bundle | null,
  now: Instant,
): z.infer<typeof suppression> {
  const policy = bundle?.workspace.tickets;
  const inForce = tickets.filter((ticket) =>
    policy ? isInForce(policy, ticket, now) : ticket.status === 'open',
  );
  const suppressing = inForce.map((ticket) => {
    const until = policy ? findSuppressionEnd(policy, ticket, now) : null;
    const reason = {
      code: until === null ? ('ticket_open' as const) : ('cooling_down' as const),
      ticketId: ticket.id,
      ownerId: ticket.ownerId ?? null,
      product: policy?.scope === 'product' ? (ticket.product ?? null) : null,
      since: iso(until === null ? ticket.openedAt : (ticket.closedAt ?? ticket.version)),
      liftsAt: toIsoOrNull(until),
      liftsOn: until === null ? 'Ticket Closed' : null,
      coolDownSeconds: policy ? coolDownOf(policy, ticket) / SECOND : 0,
    };
    const classes = policy ? suppressedClasses(policy, ticket) : (['marketing'] as const);
    return { reason, classes };
  });
  const classes = [...new Set(suppressing.flatMap((entry) => entry.classes))];
  return { active: suppressing.length > 0, classes, reasons: suppressing.map((entry) => entry.reason) };
}
