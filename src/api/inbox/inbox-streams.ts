import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Database } from '../../../db/client.ts';
import type { Listener } from '../../../db/connection/listener.ts';
import { readClaimant } from '../../../db/customers/claimant.ts';
import { listenForInboxes } from '../../../db/inbox/notify.ts';
import { type InboxItem, readInboxItems } from '../../../db/inbox/read-items.ts';
import type { DecisionServices } from '../../app/decide/services.ts';
import { findHiddenItems } from '../../app/inbox/hidden-items.ts';
import { noteSeen } from '../../app/inbox/mark-item.ts';
import { readShownUnread } from '../../app/inbox/read-inbox.ts';
import { type Instant, MINUTE, SECOND } from '../../domain/time/time.ts';
import { HttpError } from '../frame/http-error.ts';
import { EventStream } from './event-stream.ts';
import { toInboxItemView } from './view.ts';

export interface StreamLimits {
  /** Of one process. */
  streams: number;
  /** Of one key, or of the tokens of one workspace. */
  perKey: number;
  perCustomer: number;
  /** Each stream looks again after this time, also without a notification: silence and expiry send none. */
  beatMs: number;
  /** Then a stream ends and the client comes again: its key may have been revoked. */
  longestMs: number;
}

const STREAM_LIMITS: StreamLimits = {
  streams: 2_000,
  perKey: 1_000,
  perCustomer: 5,
  beatMs: 15 * SECOND,
  longestMs: 10 * MINUTE,
};

const RETRY_MS = 3_000;
/** Streams that look into the database at once. */
const LOOKS_AT_ONCE = 4;

/** Who opens a stream. */
export interface StreamOwner {
  workspace: string;
  customerId: string;
  /** Whose streams are counted together. */
  countedAs: string;
  /** When the right to read ends; null: with the stream. */
  expiresAt: Instant | null;
  /** Whether the client is the customer's own: then what it gets has arrived. */
  isCustomer: boolean;
  /** The last event that the client has received before. */
  lastEventId: string | null;
}

interface Stream extends StreamOwner {
  events: EventStream;
  endsAt: Instant;
  /** The unread items that the client knows of; null before the first look. */
  known: Set<string> | null;
  unread: number | null;
  isLooking: boolean;
  isStale: boolean;
}

/**
 * The open event streams of a process. A stream holds the ids of the unread items that its client knows, and sends what
 * differs: `item` for one that came or is shown again, `read` and `removed` for one that is no longer unread or no longer
 * shown, `unread` for the count. It looks when the inbox of its customer has changed, and every few seconds.
 */
export class InboxStreams {
  private readonly streams = new Set<Stream>();
  private readonly waiting = new Set<Stream>();
  private looking = 0;
  private listening: Promise<Listener | null> | null = null;
  private readonly timer: NodeJS.Timeout;
  private isClosed = false;
  private readonly deps: { db: Database; services: DecisionServices; log: Logger };
  private readonly limits: StreamLimits;

  constructor(
    deps: { db: Database; services: DecisionServices; log: Logger },
    limits: Partial<StreamLimits> = {},
  ) {
    this.deps = deps;
    this.limits = { ...STREAM_LIMITS, ...limits };
    this.timer = setInterval(() => this.beat(), this.limits.beatMs).unref();
  }

  get size(): number {
    return this.streams.size;
  }

  /** Answers with a stream. @throws HttpError 429 when there are too many, 503 while the process stops */
  open(res: ServerResponse, owner: StreamOwner): void {
    this.refuseIfFull(owner);
    const stream: Stream = {
      ...owner,
      events: new EventStream(res, RETRY_MS),
      endsAt: Math.min(Date.now() + this.limits.longestMs, owner.expiresAt ?? Number.MAX_SAFE_INTEGER),
      known: null,
      unread: null,
      isLooking: false,
      isStale: false,
    };
    this.streams.add(stream);
    res.once('close', () => this.forget(stream));
    this.listen();
    this.look(stream);
  }

  /** Ends all streams. The clients come again, to another process. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearInterval(this.timer);
    for (const stream of this.streams) stream.events.end();
    const listener = await this.listening;
    await listener?.stop();
  }

  private refuseIfFull({ customerId, countedAs }: StreamOwner): void {
    if (this.isClosed) throw new HttpError(503, 'unavailable', 'this process stops', RETRY_LATER);
    const all = [...this.streams];
    const isFull =
      all.length >= this.limits.streams ||
      all.filter((other) => other.countedAs === countedAs).length >= this.limits.perKey ||
      all.filter((other) => other.customerId === customerId).length >= this.limits.perCustomer;
    if (isFull) throw new HttpError(429, 'too_many_streams', 'too many streams are open', RETRY_LATER);
  }

  private forget(stream: Stream): void {
    this.streams.delete(stream);
    this.waiting.delete(stream);
  }

  /** One connection to Postgres for all streams. Without it they still look at every beat. */
  private listen(): void {
    this.listening ??= listenForInboxes(this.deps.db, (changed) => {
      for (const stream of this.streams)
        if (changed === null || stream.customerId === changed) this.look(stream);
    }).catch((error: unknown) => {
      this.deps.log.warn({ err: error }, 'streams of inboxes look without notifications for now');
      this.listening = null;
      return null;
    });
  }

  private beat(): void {
    const now = Date.now();
    if (this.streams.size > 0) this.listen();
    for (const stream of this.streams) {
      if (now >= stream.endsAt) stream.events.end();
      else stream.events.beat();
      if (stream.events.isOpen) this.look(stream);
    }
  }

  private look(stream: Stream): void {
    if (stream.isLooking) stream.isStale = true;
    else this.waiting.add(stream);
    this.lookAtNext();
  }

  private lookAtNext(): void {
    while (this.looking < LOOKS_AT_ONCE) {
      const [stream] = this.waiting;
      if (!stream) return;
      this.waiting.delete(stream);
      this.looking++;
      stream.isLooking = true;
      this.update(stream)
        .catch((error: unknown) => {
          // The next beat looks again.
          this.deps.log.warn({ err: error }, 'a stream of an inbox could not look');
        })
        .finally(() => {
          this.looking--;
          stream.isLooking = false;
          if (stream.isStale && this.streams.has(stream)) this.waiting.add(stream);
          stream.isStale = false;
          this.lookAtNext();
        });
    }
  }

  /** Sends what has changed since the last look. */
  private async update(stream: Stream): Promise<void> {
    const { services, db } = this.deps;
    const claimant = await readClaimant(db.sql, stream.customerId);
    if (!claimant || claimant.erased) return stream.events.end();
    stream.customerId = claimant.customerId;
    const owner = { workspace: stream.workspace, customerId: stream.customerId };
    const unread = await readShownUnread(services, owner);
    const known = stream.known ?? (await this.findKnown(stream, unread));
    const ids = new Set(unread.map(({ deliveryId }) => deliveryId));
    const fresh = unread.filter(({ deliveryId }) => !known.has(deliveryId));
    for (const item of fresh) stream.events.send('item', toInboxItemView(item), item.deliveryId);
    await this.sendGone(
      stream,
      [...known].filter((id) => !ids.has(id)),
    );
    if (stream.unread !== ids.size) stream.events.send('unread', { unread: ids.size });
    stream.known = ids;
    stream.unread = ids.size;
    if (stream.isCustomer && stream.events.isOpen) await noteSeen(services, stream.workspace, fresh);
  }

  /** A client that comes again knows the items up to the last one that it has received. */
  private async findKnown(
    { lastEventId, customerId }: Stream,
    unread: readonly InboxItem[],
  ): Promise<ReadonlySet<string>> {
    if (lastEventId === null) return new Set();
    const [last] = await readInboxItems(this.deps.db.sql, customerId, [lastEventId]);
    if (!last) return new Set();
    const isKnown = ({ createdAt, created, deliveryId }: InboxItem) =>
      createdAt < last.createdAt ||
      (createdAt === last.createdAt &&
        [created, deliveryId].join() <= [last.created, last.deliveryId].join());
    return new Set(unread.filter(isKnown).map(({ deliveryId }) => deliveryId));
  }

  private async sendGone(stream: Stream, ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    const { workspace, customerId, events } = stream;
    const items = await readInboxItems(this.deps.db.sql, customerId, ids);
    const hidden = await findHiddenItems(this.deps.services, { workspace, customerId }, items);
    for (const id of ids) {
      const item = items.find(({ deliveryId }) => deliveryId === id);
      const isShown = item && item.dismissedAt === null && item.expiresAt > Date.now() && !hidden.has(id);
      events.send(isShown ? 'read' : 'removed', { id });
    }
  }
}

const RETRY_LATER = { headers: { 'Retry-After': '10' } };
