import { EVENT, type JourneyEvent, toText } from './event.ts';
import { readFactId } from './fact-id.ts';
import { NO_NOTES, type Note, writeNote } from './note.ts';
import { readTicketStatus, type StatusWords, type TicketStatus } from './ticket-status.ts';
import { isUnreadableTime, readTime } from './time/read-time.ts';
import type { Instant } from './time/time.ts';
import { getOwn } from './values/get-own.ts';

export { TICKET_STATUSES } from './ticket-status.ts';

/** When a field of a ticket was last stated, and by which event of the log. */
interface Statement {
  at: Instant;
  seq: number;
}

const FIELDS = ['status', 'severity', 'product', 'subject'] as const;
type Field = (typeof FIELDS)[number];

/** A service ticket as reported so far. Source and id identify it: two help desks may use the same numbers. */
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
  /** Which of its fields were stated, and when. Missing: all of them, with the version. */
  stated?: Partial<Record<Field, Statement>> | null;
  /**
   * End of the cool-down, in journey time. Acceptance does not know journey time and leaves null here. A closed ticket
   * goes on suppressing until a decision has written the end.
   */
  quietUntil: Instant | null;
}

/** What the name of an event says of the ticket. An update says nothing. */
const STATUS_BY_NAME: Record<string, TicketStatus | null> = {
  [EVENT.ticketOpened]: 'open',
  [EVENT.ticketUpdated]: null,
  [EVENT.ticketClosed]: 'closed',
  [EVENT.ticketMoved]: 'closed',
};

/** Status of the copy that a requester keeps of a ticket that went to another one. */
const MOVED = 'moved';

/** Source of events that a Temporal client signals. It is no help desk. */
export const SIGNAL_SOURCE = 'signal';

const UNSTATED_SEVERITY = 'normal';

/** Notes what a ticket event does not say, a word that is not known, and times that can't be read. */
export function noteTicket(
  { name, properties }: Pick<JourneyEvent, 'name' | 'properties'>,
  policy?: { status?: StatusWords } | null,
): readonly Note[] {
  if (!Object.hasOwn(STATUS_BY_NAME, name)) return NO_NOTES;
  if (readTicketId(properties) === undefined)
    return [writeNote('ticket_without_id', 'properties.ticket_id', properties.ticket_id)];
  return [...noteStatus(properties.status, policy?.status), ...noteTimes(properties)];
}

function noteStatus(status: unknown, words: StatusWords | undefined): readonly Note[] {
  if (status === undefined || status === null) return NO_NOTES;
  if (typeof status === 'string' && status.trim() === '') return NO_NOTES;
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

/** The help desk's number of a ticket. */
export function readTicketId(properties: Record<string, unknown>): string | undefined {
  return readFactId(properties.ticket_id) ?? readFactId(properties.ticketId);
}

/** Longest texts that are kept of a ticket: each decision of the customer reads them. */
const LONGEST_SUBJECT = 1_000;
const LONGEST_WORD = 255;

function readText(value: unknown, longest = LONGEST_WORD): string | undefined {
  const text = toText(value)?.trim() || undefined;
  return text === undefined || text.length <= longest ? text : text.slice(0, longest).toWellFormed();
}

/**
 * The ticket that an event reports, or undefined if it is no ticket event. `stated` says which fields it names.
 * @param words the workspace's own words for states
 */
export function readTicket(event: TicketEvent, words?: StatusWords): Ticket | undefined {
  const statusByName = getOwn(STATUS_BY_NAME, event.name);
  if (statusByName === undefined) return undefined;
  const p = event.properties;
  const id = readTicketId(p);
  if (id === undefined) return undefined;
  const isMoved = event.name === EVENT.ticketMoved;
  const stated = (isMoved ? undefined : readTicketStatus(p.status, words)) ?? statusByName;
  const status = stated ?? 'open';
  const version = readVersion(event);
  const severity = readText(p.severity)?.toLowerCase();
  const product = readText(readFactId(p.product_id));
  const subject = readText(p.subject, LONGEST_SUBJECT);
  const statement = { at: version, seq: event.seq };
  return {
    id,
    source: readText(p.source) ?? event.source,
    status,
    rawStatus: isMoved ? MOVED : (readText(p.status)?.toLowerCase() ?? status),
    severity: severity ?? UNSTATED_SEVERITY,
    product: product ?? null,
    ownerId: null,
    subject: subject ?? '',
    version,
    seq: event.seq,
    openedAt: version,
    closedAt: status === 'closed' ? version : null,
    stated: {
      ...(stated === null ? {} : { status: statement }),
      ...(severity === undefined ? {} : { severity: statement }),
      ...(product === undefined ? {} : { product: statement }),
      ...(subject === undefined ? {} : { subject: statement }),
    },
    quietUntil: isMoved ? 0 : null,
  };
}

/** What tickets are distinguished by. */
export function ticketKey({ source, id }: Pick<Ticket, 'source' | 'id'>): string {
  return `${source}\u0001${id}`;
}

/**
 * Finds the ticket that a report is about. An event that was signalled and names no help desk is about the only ticket
 * with its number.
 */
export function findTicket<T extends Pick<Ticket, 'source' | 'id'>>(
  tickets: Iterable<T>,
  reported: Pick<Ticket, 'source' | 'id'>,
): T | undefined {
  const sameNumber = [...tickets].filter(({ id }) => id === reported.id);
  const same = sameNumber.find(({ source }) => source === reported.source);
  return same ?? (reported.source === SIGNAL_SOURCE && sameNumber.length === 1 ? sameNumber[0] : undefined);
}

/** Whether a customer still has the ticket: it has not gone to another requester. */
export function isHeld(ticket: Pick<Ticket, 'rawStatus'>): boolean {
  return ticket.rawStatus !== MOVED;
}

/**
 * Merges two reports of one ticket, field by field: of each field, the newest statement counts. Of two statements of
 * one time, closed wins over open, then the later one in the log. So the result does not depend on the order in which
 * the reports arrive, and a report takes nothing away that it doesn't name.
 */
export function resolveTicket(current: Ticket | undefined, incoming: Ticket): Ticket {
  if (!current) return incoming;
  const newest = isNewer(current, incoming) ? incoming : current;
  const choose = (field: Field) => chooseStated(field, current, incoming);
  const { status, rawStatus, closedAt, quietUntil } = choose('status');
  const isMoved = rawStatus === MOVED;
  return {
    ...newest,
    source: current.source,
    status,
    rawStatus,
    closedAt,
    severity: choose('severity').severity,
    product: choose('product').product,
    subject: choose('subject').subject,
    openedAt: Math.min(current.openedAt, incoming.openedAt),
    ownerId: current.ownerId,
    stated: Object.fromEntries(
      FIELDS.flatMap((field) => {
        const statement = readStatement(choose(field), field);
        return statement === undefined ? [] : [[field, statement]];
      }),
    ),
    quietUntil:
      status === 'open'
        ? null
        : isMoved
          ? quietUntil
          : current.status === 'closed'
            ? current.quietUntil
            : null,
  };
}

/**
 * Whether a newer report, accepted earlier, has already answered what this one says.
 * @param current the ticket with all accepted reports
 */
export function isOutdated(current: Ticket, reported: Ticket): boolean {
  const said = readStatement(current, 'status');
  if (reported.stated?.status === undefined || said === undefined)
    return current.seq < reported.seq && resolveTicket(current, reported).seq !== reported.seq;
  return said.seq < reported.seq && chooseStated('status', current, reported) === current;
}

function isNewer(current: Ticket, incoming: Ticket): boolean {
  if (incoming.version !== current.version) return incoming.version > current.version;
  if (incoming.status !== current.status) return incoming.status === 'closed';
  return incoming.seq > current.seq;
}

function chooseStated(field: Field, current: Ticket, incoming: Ticket): Ticket {
  const before = readStatement(current, field);
  const after = readStatement(incoming, field);
  if (before === undefined || after === undefined) return after === undefined ? current : incoming;
  if (after.at !== before.at) return after.at > before.at ? incoming : current;
  if (field === 'status' && incoming.status !== current.status)
    return incoming.status === 'closed' ? incoming : current;
  return after.seq > before.seq ? incoming : current;
}

/** A ticket that was stored before statements were stores all of its fields with its version. */
function readStatement(ticket: Ticket, field: Field): Statement | undefined {
  if (ticket.stated) return ticket.stated[field];
  if (field === 'product' && ticket.product === null) return undefined;
  if (field === 'subject' && ticket.subject === '') return undefined;
  return { at: ticket.version, seq: ticket.seq };
}

/** The ticket as the first thing that another customer's log knows of it. */
export function transferTicket(ticket: Ticket): Ticket {
  const stated = FIELDS.flatMap((field) => {
    const statement = readStatement(ticket, field);
    return statement === undefined ? [] : [[field, { ...statement, seq: 0 }]];
  });
  return { ...ticket, seq: 0, stated: Object.fromEntries(stated), ownerId: null, quietUntil: null };
}
