import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { findRevoked } from '../../../db/access/revoked.ts';
import type { CustomerPosition } from '../../../db/changes/customer-positions.ts';
import { lookForChanges } from '../../../db/changes/look-for-changes.ts';
import type { ChangeTopic, TopicKey } from '../../../db/changes/recent-changes.ts';
import type { Database } from '../../../db/client.ts';
import { type OpenStream, OpenStreams, type StreamLimits, type StreamOwner } from './open-streams.ts';
import { type NewChanges, nameTopic, SeenChanges } from './seen-changes.ts';

/** How often the database is looked at while a stream is open: changes are announced this late at most. */
const LOOK_MS = 500;

/** What a stream is about: one customer, or topics of the workspace. */
export type StreamSubject = { customerId: string } | { topics: readonly ChangeTopic[] };

interface ChangeStream extends StreamOwner {
  customerId: string | null;
  topics: readonly ChangeTopic[];
  /** It has said where things stand. */
  isGreeted: boolean;
  /** The position of the customer that the client knows of. */
  known: string | null;
}

type Stream = OpenStream<ChangeStream>;

/**
 * The streams of a process that say that something has changed, and never what: the client asks again. One statement
 * looks for all streams twice a second, and none while no stream is open. So accepting an event costs nothing more, and
 * any number of processes need not know of each other.
 */
export class ChangeStreams {
  private readonly streams: OpenStreams<ChangeStream>;
  private readonly seen = new SeenChanges();
  private timer: NodeJS.Timeout | null = null;
  private isLooking = false;
  private readonly deps: { db: Pick<Database, 'sql'>; log: Logger };
  private readonly lookMs: number;

  constructor(
    deps: { db: Pick<Database, 'sql'>; log: Logger },
    { lookMs = LOOK_MS, ...limits }: Partial<StreamLimits> & { lookMs?: number } = {},
  ) {
    this.deps = deps;
    this.lookMs = lookMs;

    this.streams = new OpenStreams(
      { findRevoked: (ids) => findRevoked(deps.db.sql, ids), log: deps.log },
      limits,
    );
  }

  get size(): number {
    return this.streams.size;
  }

  /**
   * Answers with a stream. It says `hello` once it knows where things stand: what the client reads from then on can't
   * become old without a `changed`.
   *
   * @throws HttpError 429 when there are too many, 503 while the process stops
   */
  open(res: ServerResponse, caller: StreamOwner, subject: StreamSubject): void {
    this.streams.open(res, {
      ...caller,
      customerId: 'customerId' in subject ? subject.customerId : null,
      topics: 'topics' in subject ? subject.topics : [],
      isGreeted: false,
      known: null,
    });
    if (this.timer) return;
    this.timer = setInterval(() => void this.look(), this.lookMs).unref();
    void this.look();
  }

  /** Ends all streams. The clients come again, to another process. */
  close(): void {
    this.streams.close();
    this.rest();
  }

  private rest(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  private async look(): Promise<void> {
    if (this.isLooking) return;
    const streams = [...this.streams];
    if (streams.length === 0) return this.rest();
    this.isLooking = true;
    try {
      const { customers, topics } = await lookForChanges(this.deps.db.sql, ...listSubjects(streams));
      const byId = new Map(customers.map((customer) => [customer.customerId, customer]));
      const changes = this.seen.compare(topics);
      for (const stream of streams)
        if (stream.customerId !== null) announceCustomer(stream, byId.get(stream.customerId), changes);
        else announceTopics(stream, changes);
    } catch (error) {
      // The next look compares with what the clients know.
      this.deps.log.warn({ err: error }, 'streams of changes could not look');
    } finally {
      this.isLooking = false;
    }
  }
}

/** What may change of a customer while the journey stands still. */
const OF_CUSTOMERS = ['deliveries', 'tasks'] as const;

function listSubjects(streams: readonly Stream[]): [customerIds: string[], topics: TopicKey[]] {
  const topics = new Map<string, TopicKey>();
  for (const { workspace, customerId, topics: own } of streams)
    for (const topic of customerId === null ? own : OF_CUSTOMERS)
      topics.set(nameTopic({ workspace, topic }), { workspace, topic });
  return [[...new Set(streams.flatMap(({ customerId }) => customerId ?? []))], [...topics.values()]];
}

function announceCustomer(stream: Stream, customer: CustomerPosition | undefined, changes: NewChanges): void {
  if (!customer || customer.erased) {
    stream.events.send('erased', { customer: stream.customerId });
    return stream.events.end();
  }
  const { customerId, mergedInto, seq, ordinal, position } = customer;
  if (mergedInto !== null) {
    stream.events.send('merged', { customer: customerId, into: mergedInto });
    stream.customerId = mergedInto;
    return;
  }
  const hasChanged =
    stream.known !== position ||
    changes.customers.has(customerId) ||
    changes.workspaces.has(stream.workspace);
  const state = { customer: customerId, seq, ordinal };
  if (!stream.isGreeted) stream.events.send('hello', state);
  else if (hasChanged) stream.events.send('changed', state);
  stream.isGreeted = true;
  stream.known = position;
}

function announceTopics(stream: Stream, changes: NewChanges): void {
  const { workspace, topics, isGreeted } = stream;
  stream.isGreeted = true;
  if (!isGreeted) return stream.events.send('hello', { topics });
  for (const topic of topics)
    if (changes.topics.has(nameTopic({ workspace, topic }))) stream.events.send('changed', { topic });
}
