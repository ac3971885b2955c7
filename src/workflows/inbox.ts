import { classifyEvent } from '../domain/event.ts';
import type { DirectEvent } from '../domain/protocol.ts';
import type { JourneyState } from '../domain/state.ts';
import { findTicket, readTicket, ticketKey } from '../domain/ticket.ts';
import { parseInstant, readTime } from '../domain/time/read-time.ts';
import { iso } from '../domain/time/time.ts';
import type { EventNotice, TicketNotice } from './messages.ts';

/** Distinct unknown signal names that are counted by name; the rest count as `other`, so the state stays bounded. */
const MAX_UNKNOWN_NAMES = 20;
/** Kinds of notices that hold marketing back until an answer has processed them. */
const SILENCING_KINDS = ['ticket', 'consent', 'command'];

/**
 * Notices that arrived and that no answer has processed yet.
 *
 * The signal handler only pushes: it never waits and never throws. It doesn't use sequence numbers to decide what is
 * new, because two signals may overtake each other. Around each decision the loop calls `beginDecision`, which marks
 * the notices present, and then either `applyAnswer`, which removes those that the answer covers, or `putBack`.
 */
export class Inbox {
  private notices: EventNotice[];
  private signalled = false;
  private effectsSettled = false;
  private directCount = 0;
  /** Number of notices that were present when the current decision was requested. */
  private noticesInDecision = 0;
  readonly unknownSignals: Record<string, number> = Object.create(null);
  unreadable = 0;

  private readonly runId: string;

  constructor(unprocessed: EventNotice[], runId: string) {
    this.notices = unprocessed;
    this.runId = runId;
  }

  /** Handles the `events` signal. Any client may send it, so its content is checked item by item. */
  receive(signal: { events: EventNotice[] } | undefined): void {
    this.signalled = true;
    const items: unknown = signal?.events;
    if (!Array.isArray(items)) {
      this.unreadable++;
      return;
    }
    for (const item of items) {
      const notice = readNotice(item, () => `signal/${this.runId}/${this.directCount++}`);
      if (notice) this.notices.push(notice);
      else this.unreadable++;
    }
  }

  /** Counts a signal whose name has no handler. Its content is dropped. */
  countUnknown(name: string): void {
    const hasRoom =
      name in this.unknownSignals || Object.keys(this.unknownSignals).length < MAX_UNKNOWN_NAMES;
    const counter = hasRoom ? name : 'other';
    this.unknownSignals[counter] = (this.unknownSignals[counter] ?? 0) + 1;
  }

  /** An effect has finished, so the next decision has to look at its result. */
  markSettled(): void {
    this.effectsSettled = true;
  }

  get pending(): boolean {
    return this.signalled || this.effectsSettled;
  }

  get unprocessed(): number {
    return this.notices.length;
  }

  /** Whether marketing must wait for the next answer. */
  get silencesMarketing(): boolean {
    return this.notices.some((notice) => SILENCING_KINDS.includes(notice.kind));
  }

  /** Returns the inbox's part of a decide request. Whatever arrives from here on triggers another decision. */
  beginDecision(): { directEvents: DirectEvent[]; effectsSettled: boolean } {
    const { effectsSettled } = this;
    this.signalled = false;
    this.effectsSettled = false;
    this.noticesInDecision = this.notices.length;
    return { directEvents: this.unloggedNotices.map(toDirectEvent), effectsSettled };
  }

  /**
   * Removes the notices that the answer has processed. An answer that reached the end of the log covers every notice
   * that was present when it was requested. That includes a notice whose sequence number a restored log has lost:
   * otherwise such a notice would keep marketing silent forever.
   */
  applyAnswer(answer: { processedSeq: number; more: boolean }): void {
    const requested = this.notices.splice(0, this.noticesInDecision);
    this.noticesInDecision = 0;
    const left = answer.more ? requested.filter((notice) => (notice.seq ?? 0) > answer.processedSeq) : [];
    this.notices.unshift(...left);
  }

  /** The decision failed: every notice stays, and the decision has to be requested again. */
  putBack(effectsSettled: boolean): void {
    this.signalled = true;
    this.effectsSettled ||= effectsSettled;
  }

  /** Notices of events that came by signal alone and aren't in the log yet. The next run receives them. */
  get unloggedNotices(): EventNotice[] {
    return this.notices.filter((notice) => notice.seq === undefined);
  }

  /** Folds the notices into the open tickets of the last answer: a ticket silences marketing the moment it arrives. */
  foldTickets(openTickets: JourneyState['openTickets']): JourneyState['openTickets'] {
    const open = new Map(openTickets.map((ticket) => [ticketKey(ticket), ticket]));
    const notices = this.notices.filter((notice): notice is TicketNotice => notice.kind === 'ticket');
    for (const { ticket } of notices.sort((a, b) => a.ticket.version - b.ticket.version)) {
      const known = findTicket(open.values(), ticket);
      const { source } = known ?? ticket;
      const key = ticketKey({ ...ticket, source });
      if (ticket.status === 'closed') open.delete(key);
      else open.set(key, { ...ticket, source, since: known?.since ?? ticket.version });
    }
    return [...open.values()].map(({ id, source, severity, since }) => ({ id, source, severity, since }));
  }
}

/** Reads one item of a signal; undefined if it isn't a notice. Its kind follows from its name, not from the sender. */
function readNotice(item: unknown, mintId: () => string): EventNotice | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { name, at, seq, messageId, properties, ticket } = item as Partial<TicketNotice>;
  if (typeof name !== 'string' || name === '') return undefined;
  const base = {
    name,
    at: iso(readTime(at) ?? Date.now()),
    messageId: typeof messageId === 'string' ? messageId : mintId(),
    ...(typeof seq === 'number' ? { seq } : {}),
    ...(typeof properties === 'object' && properties !== null ? { properties } : {}),
  };
  const kind = classifyEvent(name);
  if (kind !== 'ticket') return { ...base, kind };
  const shortForm = typeof ticket === 'object' && ticket !== null && typeof ticket.id === 'string';
  const instant = parseInstant(base.at);
  const fullEvent = {
    name,
    properties: properties ?? {},
    at: instant,
    acceptedAt: instant,
    seq: 0,
    source: 'signal',
  };
  const read = shortForm ? ticket : readTicket(fullEvent);
  return read ? { ...base, kind, ticket: read } : undefined;
}

function toDirectEvent(notice: EventNotice): DirectEvent {
  return {
    messageId: notice.messageId ?? '',
    type: 'track',
    event: notice.name,
    timestamp: notice.at,
    properties: notice.properties ?? {},
  };
}
