import { EVENT, type JourneyEvent, textOf } from './event.ts';
import type { Instant } from './time.ts';

/** A service ticket as last known. Its status decides whether it is open; the event's name is only the default. */
export interface Ticket {
  id: string;
  source: string;
  status: 'open' | 'closed';
  /** The sender's own word: `pending`, `on-hold`, `solved`… */
  rawStatus: string;
  severity: string;
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
export function ticketSaid(
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
  const id = textOf(p.ticket_id) ?? textOf(p.ticketId);
  if (named === undefined || id === undefined) return undefined;
  const rawStatus = (textOf(p.status) ?? named).toLowerCase();
  const status = textOf(p.status) === undefined ? named : CLOSED.has(rawStatus) ? 'closed' : 'open';
  const updated = Date.parse(textOf(p.updated_at) ?? textOf(p.updatedAt) ?? '');
  const version = Number.isFinite(updated) ? updated : event.at;
  return {
    id,
    source: textOf(p.source) ?? event.source,
    status,
    rawStatus,
    severity: textOf(p.severity) ?? 'normal',
    subject: textOf(p.subject) ?? '',
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
export function newerTicket(known: Ticket | undefined, said: Ticket): Ticket {
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
    subject: kept.subject || other.subject,
    quietUntil: sameClosing ? known.quietUntil : null,
  };
}
