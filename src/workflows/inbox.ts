import { MAX_BATCH_EVENTS } from '../domain/event-limits.ts';
import type { DecideRequest, DirectEvent, DirectRefusal } from '../domain/protocol.ts';
import type { JourneyState } from '../domain/state.ts';
import { findTicket, ticketKey } from '../domain/ticket.ts';
import { MessageIds } from './message-ids.ts';
import type { EventNotice, JourneyInput, TicketNotice } from './messages.ts';
import { measureBytes, readItem, refuseSignal } from './read-item.ts';

/** Distinct unknown signal names that are counted by name; the rest count as `other`, so the state stays bounded. */
const MAX_UNKNOWN_NAMES = 20;
const MAX_UNKNOWN_NAME = 100;
/** Direct events and refusals in one decision, and their size: they are committed within its few seconds. */
const MAX_IN_DECISION = 200;
const MAX_BYTES_IN_DECISION = 500 * 1024;
/** Temporal refuses a payload of 2 MiB, and a run that cannot continue as new would stand still. */
const MAX_BYTES_IN_INPUT = 1_500_000;
/** Kinds of notices that hold marketing back until an answer has processed them. */
const SILENCING_KINDS = ['ticket', 'consent', 'command'];

/** What one run leaves to the next. */
type InboxInput = Pick<JourneyInput, 'unprocessed' | 'refused' | 'minted'>;

/** The inbox's part of a decide request. */
type InboxRequest = Pick<DecideRequest, 'directEvents' | 'directRefusals' | 'effectsSettled'>;

/**
 * Notices that arrived and that no answer has processed yet.
 *
 * The signal handler only pushes: it never waits and never throws. It doesn't use sequence numbers to decide what is
 * new, because two signals may overtake each other. Around each decision the loop calls `beginDecision`, which marks
 * the notices present, and then either `applyAnswer`, which removes those that the answer covers, or `putBack`.
 */
export class Inbox {
  private notices: EventNotice[];
  private readonly refusals: DirectRefusal[];
  private readonly ids: MessageIds;
  private signalled = false;
  private effectsSettled = false;
  /** Number of notices and refusals that the current decision was requested with. */
  private noticesInDecision = 0;
  private refusalsInDecision = 0;
  readonly unknownSignals: Record<string, number> = Object.create(null);
  unreadable = 0;

  /**
   * @param input what the previous run has left
   * @param chainId id of the first run of the chain, which continuing as new and a reset keep
   */
  constructor({ unprocessed = [], refused = [], minted }: InboxInput, chainId: string) {
    this.notices = [...unprocessed];
    this.refusals = [...refused];
    this.ids = new MessageIds(chainId, minted);
  }

  /** Handles the `events` signal. Any client may send it, so its content is checked item by item. */
  receive(signal: unknown): void {
    this.signalled = true;
    const mintId = (content: string) => this.ids.mint(content);
    const items = (signal as { events?: unknown } | null | undefined)?.events;
    if (!Array.isArray(items) || items.length > MAX_BATCH_EVENTS) {
      // A signal without an argument says nothing that could be lost.
      if (signal !== undefined && signal !== null) this.refusals.push(refuseSignal(signal, mintId));
      this.unreadable++;
      return;
    }
    for (const item of items) {
      const read = readItem(item, mintId);
      if ('notice' in read) this.notices.push(read.notice);
      else {
        this.refusals.push(read.refusal);
        this.unreadable++;
      }
    }
  }

  /** Counts a signal whose name has no handler. Its content is dropped. */
  countUnknown(signal: string): void {
    const name = signal.slice(0, MAX_UNKNOWN_NAME);
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

  /** Whether something came by signal alone that no decision has taken. */
  get holdsDirect(): boolean {
    return this.refusals.length > 0 || this.notices.some(isDirect);
  }

  /** Whether marketing must wait for the next answer. */
  get silencesMarketing(): boolean {
    return this.notices.some((notice) => SILENCING_KINDS.includes(notice.kind));
  }

  /**
   * Returns the inbox's part of a decide request. Whatever arrives from here on triggers another decision.
   *
   * @param isBounded asked where there is more than one decision may take: whether the rest waits for the next one
   */
  beginDecision(isBounded: () => boolean): InboxRequest {
    const { effectsSettled } = this;
    const fitting = this.countFitting();
    const isTooMuch = fitting < this.notices.length || this.refusals.length > MAX_IN_DECISION;
    const bounded = isTooMuch && isBounded();
    this.noticesInDecision = bounded ? fitting : this.notices.length;
    this.refusalsInDecision = bounded ? MAX_IN_DECISION : this.refusals.length;
    this.signalled = bounded;
    this.effectsSettled = false;
    const directRefusals = this.refusals.slice(0, this.refusalsInDecision);
    return {
      directEvents: this.notices.slice(0, this.noticesInDecision).filter(isDirect).map(toDirectEvent),
      ...(directRefusals.length > 0 ? { directRefusals } : {}),
      effectsSettled,
    };
  }

  /** Number of notices, from the oldest on, whose direct events one decision can take. */
  private countFitting(): number {
    let events = 0;
    let bytes = 0;
    for (const [n, notice] of this.notices.entries()) {
      if (!isDirect(notice)) continue;
      bytes += measureBytes(JSON.stringify(notice));
      if (++events > MAX_IN_DECISION || (events > 1 && bytes > MAX_BYTES_IN_DECISION)) return n;
    }
    return this.notices.length;
  }

  /**
   * Removes the notices that the answer has processed. An answer that reached the end of the log covers every notice
   * that was present when it was requested. That includes a notice whose sequence number a restored log has lost:
   * otherwise such a notice would keep marketing silent forever.
   */
  applyAnswer(answer: { processedSeq: number; more: boolean }): void {
    const requested = this.notices.splice(0, this.noticesInDecision);
    this.refusals.splice(0, this.refusalsInDecision);
    this.noticesInDecision = 0;
    this.refusalsInDecision = 0;
    const left = answer.more ? requested.filter((notice) => (notice.seq ?? 0) > answer.processedSeq) : [];
    this.notices.unshift(...left);
  }

  /** The decision failed: every notice stays, and the decision has to be requested again. */
  putBack(effectsSettled: boolean): void {
    this.signalled = true;
    this.effectsSettled ||= effectsSettled;
  }

  /** What the next run receives: whatever came by signal alone and isn't in the log yet. */
  get remainder(): InboxInput {
    const unprocessed = this.notices.filter(isDirect);
    const { minted } = this.ids;
    return {
      unprocessed,
      ...(this.refusals.length > 0 ? { refused: this.refusals } : {}),
      ...(minted ? { minted } : {}),
    };
  }

  /** Whether the next run can receive it in its input. Otherwise this run goes on until a decision has taken it. */
  get fitsInput(): boolean {
    return measureBytes(JSON.stringify(this.remainder)) <= MAX_BYTES_IN_INPUT;
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

/** Whether the event came by signal alone and isn't in the log yet. */
function isDirect(notice: EventNotice): boolean {
  return notice.seq === undefined;
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
