import type { ActionClass, TicketPolicy } from './definition.ts';
import { EVENT, type JourneyEvent, toText } from './event.ts';
import type { Instant, Millis } from './time/time.ts';
import { getOwn } from './values/get-own.ts';

/** A service ticket as last known. Its status decides whether it is open; the event's name is only the default. */
export interface Ticket {
  id: string;
  source: string;
  status: 'open' | 'closed';
  /** The sender's own word: `pending`, `on-hold`, `solved`… */
  rawStatus: string;
  severity: string;
  /** What it is about, if the help desk says so. */
  product: string | null;
  /** Whose it is, where it silences others too: the customer, or null for the customer's own. */
  ownerId: string | null;
  subject: string;
  /** The help desk's `updated_at`, else when the event happened: orders what is said of one ticket. */
  version: Instant;
  /** Of the event that said it last. */
  seq: number;
  openedAt: Instant;
  closedAt: Instant | null;
  /**
   * End of the cool-down, in journey time. Acceptance doesn't know journey time, so it leaves null here;
   * a closed ticket keeps suppressing until a decision has written it.
   */
  quietUntil: Instant | null;
}

const CLOSED = new Set(['closed', 'solved', 'resolved', 'done', 'cancelled', 'canceled']);

/** What a ticket event says, or undefined if it isn't one. */
export function readTicket(
  event: Pick<JourneyEvent, 'name' | 'properties' | 'at' | 'seq' | 'source'>,
): Ticket | undefined {
  const named = (
    {
      [EVENT.ticketOpened]: 'open',
      [EVENT.ticketUpdated]: 'open',
      [EVENT.ticketClosed]: 'closed',
    } as Record<string, 'open' | 'closed'>
  )[event.name];
  const p = event.properties;
  const id = toText(p.ticket_id) ?? toText(p.ticketId);
  if (named === undefined || id === undefined) return undefined;
  const rawStatus = (toText(p.status) ?? named).toLowerCase();
  const status = toText(p.status) === undefined ? named : CLOSED.has(rawStatus) ? 'closed' : 'open';
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
 * Which of two statements about one ticket holds. The newer version wins; at equal versions closed beats open, and
 * between equals the later in the log. So the result doesn't depend on the order in which they come.
 */
export function resolveTicket(known: Ticket | undefined, said: Ticket): Ticket {
  if (!known) return said;
  const wins =
    said.version !== known.version
      ? said.version > known.version
      : said.status !== known.status
        ? said.status === 'closed'
        : said.seq > known.seq;
  const [kept, other] = wins ? [said, known] : [known, said];
  const sameClosing = kept.status === 'closed' && known.status === 'closed';
  return {
    ...kept,
    openedAt: Math.min(kept.openedAt, other.openedAt),
    product: kept.product ?? other.product,
    ownerId: known.ownerId,
    subject: kept.subject || other.subject,
    quietUntil: sameClosing ? known.quietUntil : null,
  };
}

/** What a policy on tickets looks at of an action. */
export interface TicketedAction {
  class: ActionClass;
  /** The product that the action is about. */
  product: string | null;
}

/**
 * Whether a ticket silences an action, open or cooling down. A severity's own list of classes replaces the policy's.
 * Where tickets silence by product, one that names a product leaves everything else alone; one that names none
 * silences all.
 */
export function silences(policy: TicketPolicy, ticket: Ticket, action: TicketedAction): boolean {
  const classes = getOwn(policy.severity, ticket.severity)?.suppress ?? policy.suppress;
  if (!classes.includes(action.class)) return false;
  return concernsProduct(policy, ticket, action.product);
}

/** Whether a ticket has anything to say about an action on this product (null: on none in particular). */
function concernsProduct(policy: TicketPolicy, ticket: Ticket, product: string | null): boolean {
  return policy.scope !== 'product' || ticket.product === null || ticket.product === product;
}

/** How long a ticket goes on silencing after it was closed. */
export function coolDownOf(policy: TicketPolicy, ticket: Ticket): Millis {
  return getOwn(policy.severity, ticket.severity)?.cooldown ?? policy.cooldown;
}

/**
 * Until when a closed ticket goes on silencing; null for an open one. One that no decision has seen closed yet has its
 * whole cool-down to come.
 */
export function quietUntilOf(policy: TicketPolicy, ticket: Ticket, now: Instant): Instant | null {
  if (ticket.status === 'open') return null;
  return ticket.quietUntil ?? now + coolDownOf(policy, ticket);
}

/**
 * Whether a ticket, while it is open, silences its customer's service actions that have nothing to do with it. One that
 * silences anything at all does; those of others silence only what the policy lists.
 */
export function silencesUnrelated(policy: TicketPolicy, ticket: Ticket, product: string | null): boolean {
  const classes = getOwn(policy.severity, ticket.severity)?.suppress ?? policy.suppress;
  return ticket.ownerId === null && classes.length > 0 && concernsProduct(policy, ticket, product);
}

/** What tickets silence of everything that is about no product in particular, as conditions read it (`suppressed`). */
export function computeSuppression(
  policy: TicketPolicy,
  tickets: Ticket[],
  now: Instant,
): { marketing: boolean; service: boolean } {
  const marketing = { class: 'marketing', product: null } as const;
  const service = { class: 'service', product: null } as const;
  const open = tickets.filter((t) => t.status === 'open');
  const cooling = tickets.filter((t) => (quietUntilOf(policy, t, now) ?? now) > now);
  return {
    marketing: [...open, ...cooling].some((t) => silences(policy, t, marketing)),
    service: open.some((t) => silences(policy, t, service) || silencesUnrelated(policy, t, null)),
  };
}
