import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { findRevoked } from '../../../db/access/revoked.ts';
import type { Database } from '../../../db/client.ts';
import type { Listener } from '../../../db/connection/listener.ts';
import { readClaimant } from '../../../db/customers/claimant.ts';
import { listenForInboxes } from '../../../db/inbox/notify.ts';
import { type InboxItem, readInboxItems } from '../../../db/inbox/read-items.ts';
import type { DecisionServices } from '../../app/decide/services.ts';
import { findHiddenItems } from '../../app/inbox/hidden-items.ts';
import { noteSeen } from '../../app/inbox/mark-item.ts';
import { readShownUnread } from '../../app/inbox/read-inbox.ts';
import type { Instant } from '../../domain/time/time.ts';
import {
  type OpenStream,
  OpenStreams,
  type StreamLimits,
  type StreamOwner,
} from '../streams/open-streams.ts';
import { toInboxItemView } from './view.ts';

/** Streams of one key, or of the tokens of one workspace. */
const PER_KEY = 1_000;
const PER_CUSTOMER = 5;

/** Streams that look into the database at once. */
const LOOKS_AT_ONCE = 4;

/** Who opens the stream of an inbox. */
export interface InboxReader {
  workspace: string;
  customerId: string;
  /** The key that it is opened with; null: a customer's token. */
  keyId: string | null;
  /** When the right to read ends; null: with the stream. */
  expiresAt: Instant | null;
  /** Whether the client is the customer's own: then what it gets has arrived. */
  isCustomer: boolean;
  /** The last event that the client has received before. */
  lastEventId: string | null;
}

interface InboxStream extends StreamOwner, InboxReader {
  /** The unread items that the client knows of; null before the first look. */
  known: Set<string> | null;
  unread: number | null;
  isLooking: boolean;
  isStale: boolean;
}

type Stream = OpenStream<InboxStream>;

/**
 * The open event streams of a process. A stream holds the ids of the unread items that its client knows, and sends what
 * differs: `item` for one that came or is shown again, `read` and `removed` for one that is no longer unread or no longer
 * shown, `unread` for the count. It looks when the inbox of its customer has changed, and every few seconds.
 */
export class InboxStreams {
  private readonly streams: OpenStreams<InboxStream>;
  private readonly waiting = new Set<Stream>();
  private looking = 0;
  private listening: Promise<Listener | null> | null = null;
  private readonly deps: { db: Database; services: DecisionServices; log: Logger };
  private readonly perCustomer: number;

  constructor(
    deps: { db: Database; services: DecisionServices; log: Logger },
    { perCustomer = PER_CUSTOMER, ...limits }: Partial<StreamLimits> & { perCustomer?: number } = {},
  ) {
    this.deps = deps;
    this.perCustomer = perCustomer;
    const hooks = {
      findRevoked: (ids: string[]) => findRevoked(deps.db.sql, ids),
      log: deps.log,
      onBeat: () => this.listen(),
      // Silence and expiry send no notification.
      onBeatOf: (stream: Stream) => this.look(stream),
      onClosed: (stream: Stream) => this.waiting.delete(stream),
    };
    this.streams = new OpenStreams(hooks, limits);
  }

  get size(): number {
    return this.streams.size;
  }

  /** Answers with a stream. @throws HttpError 429 when there are too many, 503 while the process stops */
  open(res: ServerResponse, reader: InboxReader): void {
    const { workspace, customerId, keyId } = reader;
    const stream = this.streams.open(res, {
      ...reader,
      revocableId: keyId,
      counted: { [keyId ?? `token/${workspace}`]: PER_KEY, [customerId]: this.perCustomer },
      known: null,
      unread: null,
      isLooking: false,
      isStale: false,
    });
    this.listen();
    this.look(stream);
  }

  /** Ends all streams. The clients come again, to another process. */
  async close(): Promise<void> {
    this.streams.close();
    const listener = await this.listening;
    await listener?.stop();
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
