import { classifyEvent } from '../domain/event.ts';
import type { DirectEvent } from '../domain/protocol.ts';
import type { JourneyState } from '../domain/state.ts';
import { readTicket } from '../domain/ticket.ts';
import type { EventNotice, TicketNotice } from './messages.ts';

/** A sender gone wild with signal names must not grow the state. */
const KEPT_NAMES = 20;
/** News that holds marketing back until an answer has taken it. */
const SILENCING = ['ticket', 'consent', 'command'];

/**
 * What came in and no answer has taken yet. The signal handler only ever pushes: it never waits, never throws, and
 * never judges what is new by sequence numbers, for two signals may change places on their way.
 */
export class Inbox {
  private news: EventNotice[];
  private rung = false;
  private settledEffects = false;
  private directCount = 0;
  /** How much of the news was there when the last decision was asked for. */
  private opened = 0;
  readonly unknownSignals: Record<string, number> = Object.create(null);
  unreadable = 0;

  private readonly runId: string;

  constructor(unprocessed: EventNotice[], runId: string) {
    this.news = unprocessed;
    this.runId = runId;
  }

  /** The `events` signal. Its content is whatever somebody sent. */
  receive(signal: { events: EventNotice[] } | undefined): void {
    this.rung = true;
    const items: unknown = signal?.events;
    if (!Array.isArray(items)) {
      this.unreadable++;
      return;
    }
    for (const item of items) {
      const news = readNews(item, () => `signal/${this.runId}/${this.directCount++}`);
      if (news) this.news.push(news);
      else this.unreadable++;
    }
  }

  /** A signal of a name that nobody registered for: counted, dropped. */
  countUnknown(name: string): void {
    const known = name in this.unknownSignals || Object.keys(this.unknownSignals).length < KEPT_NAMES;
    const counted = known ? name : 'other';
    this.unknownSignals[counted] = (this.unknownSignals[counted] ?? 0) + 1;
  }

  /** An effect has ended, or must be looked at by a decision. */
  markSettled(): void {
    this.settledEffects = true;
  }

  get pending(): boolean {
    return this.rung || this.settledEffects;
  }

  get untaken(): number {
    return this.news.length;
  }

  /** Whether marketing must wait for the next answer. */
  get silencesMarketing(): boolean {
    return this.news.some((news) => SILENCING.includes(news.kind));
  }

  /** What a decision is asked with. From here on, whatever comes rings again. */
  beginDecision(): { directEvents: DirectEvent[]; effectsSettled: boolean } {
    const settled = this.settledEffects;
    this.rung = false;
    this.settledEffects = false;
    this.opened = this.news.length;
    return {
      directEvents: this.news.filter((news) => news.seq === undefined).map(directOf),
      effectsSettled: settled,
    };
  }

  /**
   * An answer has come. If it reached the log's end, it has taken all news that was there when it was asked: also
   * news of a sequence number that a restored log has lost, and that would else keep marketing silent for ever.
   */
  applyAnswer(answer: { processedSeq: number; more: boolean }): void {
    const asked = this.news.splice(0, this.opened);
    this.opened = 0;
    const left = answer.more ? asked.filter((news) => (news.seq ?? 0) > answer.processedSeq) : [];
    this.news.unshift(...left);
  }

  /** The asking failed: nothing is taken, and it has to be asked again. */
  putBack(settled: boolean): void {
    this.rung = true;
    this.settledEffects ||= settled;
  }

  /** Carried into the next run: what only a signal has told. */
  get unloggedNotices(): EventNotice[] {
    return this.news.filter((news) => news.seq === undefined);
  }

  /** Tickets as the last answer saw them, plus the untaken news: a ticket silences marketing the moment it comes. */
  foldTickets(known: JourneyState['openTickets']): JourneyState['openTickets'] {
    const open = new Map(known.map((ticket) => [ticket.id, ticket]));
    const news = this.news.filter((n): n is TicketNotice => n.kind === 'ticket');
    for (const { ticket } of news.sort((a, b) => a.ticket.version - b.ticket.version)) {
      if (ticket.status === 'closed') open.delete(ticket.id);
      else open.set(ticket.id, { ...ticket, since: open.get(ticket.id)?.since ?? ticket.version });
    }
    return [...open.values()].map(({ id, source, severity, since }) => ({ id, source, severity, since }));
  }
}

/** Reads one item, or undefined if it isn't news. Its kind follows from its name, whatever the sender says. */
function readNews(item: unknown, mintId: () => string): EventNotice | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { name, at, seq, messageId, properties, ticket } = item as Partial<TicketNotice>;
  if (typeof name !== 'string' || name === '') return undefined;
  const base = {
    name,
    at: typeof at === 'string' && Number.isFinite(Date.parse(at)) ? at : new Date().toISOString(),
    messageId: typeof messageId === 'string' ? messageId : mintId(),
    ...(typeof seq === 'number' ? { seq } : {}),
    ...(typeof properties === 'object' && properties !== null ? { properties } : {}),
  };
  const kind = classifyEvent(name);
  if (kind !== 'ticket') return { ...base, kind };
  const said = readTicket({
    name,
    properties: properties ?? {},
    at: Date.parse(base.at),
    seq: 0,
    source: 'signal',
  });
  const known =
    typeof ticket === 'object' && ticket !== null && typeof ticket.id === 'string' ? ticket : said;
  return known ? { ...base, kind, ticket: known } : undefined;
}

function directOf(news: EventNotice): DirectEvent {
  return {
    messageId: news.messageId ?? '',
    type: 'track',
    event: news.name,
    timestamp: news.at,
    properties: news.properties ?? {},
  };
}
