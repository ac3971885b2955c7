import type { z } from 'zod';
import type { Bundle } from '../../domain/definition.ts';
import { quietUntilOf, type Ticket } from '../../domain/ticket.ts';
import { type Instant, iso } from '../../domain/time/time.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { toIsoOrNull } from '../frame/format.ts';
import type { suppression, ticket } from './schema.ts';

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

/** Open tickets silence until they close; closed ones until their cool-down ends, which begins with the next decision. */
export function toSuppressionView(
  tickets: Ticket[],
  bundle: Bundle | null,
  now: Instant,
): z.infer<typeof suppression> {
  const policy = bundle?.workspace.tickets;
  const found = tickets.flatMap((ticket) => {
    const until = policy ? quietUntilOf(policy, ticket, now) : ticket.status === 'open' ? null : now;
    if (until !== null && until <= now) return [];
    const reason = {
      code: until === null ? ('ticket_open' as const) : ('cooling_down' as const),
      ticketId: ticket.id,
      ownerId: ticket.ownerId ?? null,
      product: policy?.scope === 'product' ? (ticket.product ?? null) : null,
      since: iso(until === null ? ticket.openedAt : (ticket.closedAt ?? ticket.version)),
      liftsAt: toIsoOrNull(until),
      liftsOn: until === null ? 'Ticket Closed' : null,
    };
    const classes = (policy && getOwn(policy.severity, ticket.severity)?.suppress) ?? policy?.suppress;
    return [{ reason, classes: classes ?? ['marketing' as const] }];
  });
  const classes = [...new Set(found.flatMap((one) => one.classes))];
  return { active: found.length > 0, classes, reasons: found.map((one) => one.reason) };
}
