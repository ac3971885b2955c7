import { EVENT, type JourneyEvent, toText } from './event.ts';
import { NO_NOTES, type Note, writeNote } from './note.ts';
import { readTicketStatus, type StatusWords, type TicketStatus } from './ticket-status.ts';
import { isUnreadableTime, readTime } from './time/read-time.ts';
import type { Instant } from './time/time.ts';
import { getOwn } from './values/get-own.ts';

export { TICKET_STATUSES } from './ticket-status.ts';

/** A service ticket as last reported. `status` decides whether it is open; the event's name is only the default. */
export interface Ticket {
  id: string;
  source: string;
  status: TicketStatus;
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

/** What the name of an event says of the ticket. */
const STATUS_BY_NAME: Record<string, TicketStatus> = {
  [EVENT.ticketOpened]: 'open',
  [EVENT.ticketUpdated]: 'open',
  [EVENT.ticketClosed]: 'closed',
};

/** Notes a word for the state of a ticket that is not known, and times that can't be read. */
export function noteTicket(
  { name, properties }: Pick<JourneyEvent, 'name' | 'properties'>,
  policy?: { status?: StatusWords } | null,
): readonly Note[] {
  if (!Object.hasOwn(STATUS_BY_NAME, name)) return NO_NOTES;
  return [...noteStatus(properties.status, policy?.status), ...noteTimes(properties)];
}

function noteStatus(status: unknown, words: StatusWords | undefined): readonly Note[] {
  if (status === undefined || status === null || status === '') return NO_NOTES;
  if (readTicketStatus(status, words) !== undefined) return NO_NOTES;
  return [writeNote('unknown_ticket_status', 'properties.status', status)];
}

function noteTimes(properties: Record<string, unknown>): readonly Note[] {
  const unreadable = ['updated_at', 'updatedAt'].filter((name) => isUnreadableTime(properties[name]));
  return unreadable.map((name) => writeNote('unreadable_time', `properties.${name}`, properties[name]));
}

/** The part of an event that tickets are read from. */
type TicketEvent = Pick<JourneyEvent, 'name' | 'properties' | 'at' | 'seq' | 'source'> &
  Partial<Pick<JourneyEvent, 'acceptedAt'>>;

/**
 * The help desk's own time of the report. One that lies after the acceptance comes from a clock that is ahead, so the
 * event's time counts: otherwise the reports that follow would all be stale.
 */
function readVersion({ properties: p, at, acceptedAt = at }: TicketEvent): Instant {
  const updated = readTime(p.updated_at) ?? readTime(p.updatedAt);
  return updated === undefined || updated > acceptedAt ? at : updated;
}

/** The ticket that an event reports, or undefined if it is no ticket event. */
export function readTicket(event: TicketEvent, words: StatusWords = {}): Ticket | undefined {
  const statusByName = getOwn(STATUS_BY_NAME, event.name);
  const p = event.properties;
  const id = toText(p.ticket_id) ?? toText(p.ticketId);
  if (statusByName === undefined || id === undefined) return undefined;
  const rawStatus = (toText(p.status) ?? statusByName).trim().toLowerCase();
  const status = readTicketStatus(p.status, words) ?? statusByName;
  const version = readVersion(event);
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
