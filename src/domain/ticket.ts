import type { ActionClass, TicketPolicy } from './definition.ts';
import { EVENT, type JourneyEvent, toText } from './event.ts';
import type { Instant, Millis } from './time/time.ts';
import { getOwn } from './values/get-own.ts';

export const TICKET_STATUSES = ['open', 'closed'] as const;

/** A service ticket as last reported. `status` decides whether it is open; the event's name is only the default. */
export interface Ticket {
  id: string;
  source: string;
  status: (typeof TICKET_STATUSES)[number];
  /** The help desk's own status: `pending`, `on-hold`, `solved`… */
  rawStatus: string;
  severity: string;
  /** The product that it is about, if the help desk names one. */
  product: string | null;
  /** The customer who owns it, where it also suppresses others; null for the customer's own ticket. */
  ownerId: string | null;
  subject: string;
  /** The help desk's `updated_at`, or the time of the event. Orders the events of one ticket. */
  version: Instant;
  /** Sequence number of the event that this version comes from. */
  seq: number;
  openedAt: Instant;
  closedAt: Instant | null;
  /**
   * End of the cool-down, in journey time. Acceptance does not know journey time and leaves null here. A closed ticket
   * goes on suppressing until a decision has written the end.
   */
  quietUntil: Instant | null;
}

const CLOSED = new Set(['closed', 'solved', 'resolved', 'done', 'cancelled', 'canceled']);

/** The ticket that an event reports, or undefined if it is no ticket event. */
export function readTicket(
  event: Pick<JourneyEvent, 'name' | 'properties' | 'at' | 'seq' | 'source'>,
): Ticket | undefined {
  const statusByName = (
    {
      [EVENT.ticketOpened]: 'open',
      [EVENT.ticketUpdated]: 'open',
      [EVENT.ticketClosed]: 'closed',
    } as Record<string, 'open' | 'closed'>
  )[event.name];
  const p = event.properties;
  const id = toText(p.ticket_id) ?? toText(p.ticketId);
  if (statusByName === undefined || id === undefined) return undefined;
  const rawStatus = (toText(p.status) ?? statusByName).toLowerCase();
  const status = toText(p.status) === undefined ? statusByName : CLOSED.has(rawStatus) ? 'closed' : 'open';
  const updated = Date.parse(toText(p.updated_at) ?? toText(p.updatedAt) ?? '');
  const version = Number.isFinite(updated) ? updated : event.at;
  return {
    id,
    source: toText(p.source) ?? event.source,
    status,
    rawStatus,
    severity: toText(p.severity) ?? 'normal',
    product: toText(p.product_id) ?? null,
    ownerId: null,
    subject: toText(p.subject) ?? '',
    version,
    seq: event.seq,
    openedAt: version,
    closedAt: status === 'closed' ? version : null,
    quietUntil: null,
  };
}

/**
 * Merges two reports of one ticket. The newer version wins; at equal versions closed wins over open, then the later
 * one in the log. So the result does not depend on the order in which the reports arrive.
 */
export function resolveTicket(current: Ticket | undefined, incoming: Ticket): Ticket {
  if (!current) return incoming;
  const wins =
    incoming.version !== current.version
      ? incoming.version > current.version
      : incoming.status !== current.status
        ? incoming.status === 'closed'
        : incoming.seq > current.seq;
  const [kept, other] = wins ? [incoming, current] : [current, incoming];
  const sameClosing = kept.status === 'closed' && current.status === 'closed';
  return {
    ...kept,
    openedAt: Math.min(kept.openedAt, other.openedAt),
    product: kept.product ?? other.product,
    ownerId: current.ownerId,
    subject: kept.subject || other.subject,
    quietUntil: sameClosing ? current.quietUntil : null,
  };
}

/** What a ticket policy reads of an action. */
export interface TicketedAction {
  class: ActionClass;
  /** The product that the action is about. */
  product: string | null;
}

/** The classes of actions that a ticket suppresses. A severity's own list replaces the policy's. */
export function suppressedClasses(policy: TicketPolicy, { severity }: Ticket): readonly ActionClass[] {
  return getOwn(policy.severity, severity)?.suppress ?? policy.suppress;
}

/**
 * Whether a ticket suppresses an action, whether it is open or cooling down. Where tickets suppress by product, a
 * ticket that names a product leaves all other actions alone; one that names none suppresses all.
 */
export function silences(policy: TicketPolicy, ticket: Ticket, action: TicketedAction): boolean {
  return (
    suppressedClasses(policy, ticket).includes(action.class) &&
    concernsProduct(policy, ticket, action.product)
  );
}

/** Whether a ticket can suppress an action on this product (null: an action on no product in particular). */
export function concernsProduct(policy: TicketPolicy, ticket: Ticket, product: string | null): boolean {
  return policy.scope !== 'product' || ticket.product === null || ticket.product === product;
}

/** How long a ticket goes on suppressing after it was closed. */
export function coolDownOf(policy: TicketPolicy, ticket: Ticket): Millis {
  return getOwn(policy.severity, ticket.severity)?.cooldown ?? policy.cooldown;
}

/**
 * Until when a closed ticket goes on suppressing; null for an open one. The cool-down of a ticket that no decision has
 * seen closed has not begun, so it is counted from now.
 */
export function quietUntilOf(policy: TicketPolicy, ticket: Ticket, now: Instant): Instant | null {
  if (ticket.status === 'open') return null;
  return ticket.quietUntil ?? now + coolDownOf(policy, ticket);
}

/** Whether a ticket is open or cooling down. */
export function isInForce(policy: TicketPolicy, ticket: Ticket, now: Instant): boolean {
  const end = quietUntilOf(policy, ticket, now);
  return end === null || end > now;
}

/** The end of the last cool-down of these tickets; null if none of those that suppress anything is cooling down. */
export function findCoolDownEnd(
  policy: TicketPolicy,
  tickets: readonly Ticket[],
  now: Instant,
): Instant | null {
  const ends = tickets
    .filter((ticket) => ticket.status === 'closed' && suppressedClasses(policy, ticket).length > 0)
    .flatMap((ticket) => quietUntilOf(policy, ticket, now) ?? [])
    .filter((end) => end > now);
  return ends.length > 0 ? Math.max(...ends) : null;
}

/**
 * Whether an open ticket suppresses its customer's service actions that are not about it. A ticket that suppresses
 * anything does; tickets of other customers suppress only what the policy lists.
 */
export function silencesUnrelated(policy: TicketPolicy, ticket: Ticket, product: string | null): boolean {
  return (
    ticket.ownerId === null &&
    suppressedClasses(policy, ticket).length > 0 &&
    concernsProduct(policy, ticket, product)
  );
}

/** What tickets suppress of actions on no product in particular, as conditions read it (`suppressed`). */
export function computeSuppression(
  policy: TicketPolicy,
  tickets: readonly Ticket[],
  now: Instant,
): { marketing: boolean; service: boolean } {
  const marketing = { class: 'marketing', product: null } as const;
  const service = { class: 'service', product: null } as const;
  const open = tickets.filter((ticket) => ticket.status === 'open');
  const inForce = tickets.filter((ticket) => isInForce(policy, ticket, now));
  return {
    marketing: inForce.some((ticket) => silences(policy, ticket, marketing)),
    service: open.some(
      (ticket) => silences(policy, ticket, service) || silencesUnrelated(policy, ticket, null),
    ),
  };
}
