import type { ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { type Instant, MINUTE, SECOND } from '../../domain/time/time.ts';
import { HttpError } from '../frame/http-error.ts';
import { EventStream } from './event-stream.ts';

export interface StreamLimits {
  /** Of one process. */
  streams: number;
  /** A comment is sent after this time, since proxies close connections on which nothing happens. */
  beatMs: number;
  /** Then a stream ends, and the client comes again. */
  longestMs: number;
  /** How often it is checked that the callers may still read. */
  checkMs: number;
}

const STREAM_LIMITS: StreamLimits = {
  streams: 2_000,
  beatMs: 15 * SECOND,
  longestMs: 10 * MINUTE,
  checkMs: 3 * SECOND,
};

/** Who opens a stream. */
export interface StreamOwner {
  workspace: string;
  /** The key or session that may be revoked; null: what the client has is signed, and only expires. */
  revocableId: string | null;
  /** When the right to read ends; null: with the stream. */
  expiresAt: Instant | null;
  /** Streams that are counted together, by group, and how many there may be. */
  counted: Readonly<Record<string, number>>;
}

interface Sent {
  events: EventStream;
  endsAt: Instant;
}

/** A stream that is open, with what its kind keeps of it. */
export type OpenStream<T extends StreamOwner> = T & Sent;

/** Which of these keys and sessions may not be used any more. */
type FindRevoked = (ids: string[]) => Promise<ReadonlySet<string>>;

export interface StreamDeps<T extends StreamOwner> {
  findRevoked: FindRevoked;
  log: Logger;
  /** Called at each beat, and with each stream that is still open then. */
  onBeat?: () => void;
  onBeatOf?: (stream: OpenStream<T>) => void;
  onClosed?: (stream: OpenStream<T>) => void;
}

const RETRY_MS = 3_000;
const RETRY_LATER = { headers: { 'Retry-After': '10' } };

/**
 * The open streams of one kind in a process. Their number is limited, by process and by group. A stream ends with the
 * right to read: when its token expires or its key or session is revoked, and at the latest after ten minutes.
 */
export class OpenStreams<T extends StreamOwner> implements Iterable<OpenStream<T>> {
  private readonly streams = new Set<OpenStream<T>>();
  private readonly counts = new Map<string, number>();
  private readonly timers: NodeJS.Timeout[];
  private isClosed = false;
  private readonly limits: StreamLimits;
  private readonly deps: StreamDeps<T>;

  constructor(deps: StreamDeps<T>, limits: Partial<StreamLimits> = {}) {
    this.deps = deps;
    this.limits = { ...STREAM_LIMITS, ...limits };
    this.timers = [
      setInterval(() => this.beat(), this.limits.beatMs).unref(),
      setInterval(() => void this.endRevoked(), this.limits.checkMs).unref(),
    ];
  }

  get size(): number {
    return this.streams.size;
  }

  [Symbol.iterator](): IterableIterator<OpenStream<T>> {
    return this.streams.values();
  }

  has(stream: OpenStream<T>): boolean {
    return this.streams.has(stream);
  }

  /** Answers with a stream. @throws HttpError 429 when there are too many, 503 while the process stops */
  open(res: ServerResponse, owner: T): OpenStream<T> {
    this.refuseIfFull(owner);
    const stream: OpenStream<T> = {
      ...owner,
      events: new EventStream(res, RETRY_MS),
      endsAt: Math.min(Date.now() + this.limits.longestMs, owner.expiresAt ?? Number.MAX_SAFE_INTEGER),
    };
    this.streams.add(stream);
    for (const group of Object.keys(owner.counted)) this.count(group, 1);
    res.once('close', () => this.forget(stream));
    return stream;
  }

  /** Ends all streams. The clients come again, to another process. */
  close(): void {
    this.isClosed = true;
    for (const timer of this.timers) clearInterval(timer);
    for (const stream of this.streams) stream.events.end();
  }

  private refuseIfFull({ counted }: StreamOwner): void {
    if (this.isClosed) throw new HttpError(503, 'unavailable', 'this process stops', RETRY_LATER);
    const isFull =
      this.streams.size >= this.limits.streams ||
      Object.entries(counted).some(([group, most]) => (this.counts.get(group) ?? 0) >= most);
    if (isFull) throw new HttpError(429, 'too_many_streams', 'too many streams are open', RETRY_LATER);
  }

  private forget(stream: OpenStream<T>): void {
    if (!this.streams.delete(stream)) return;
    for (const group of Object.keys(stream.counted)) this.count(group, -1);
    this.deps.onClosed?.(stream);
  }

  private count(group: string, by: 1 | -1): void {
    const count = (this.counts.get(group) ?? 0) + by;
    if (count === 0) this.counts.delete(group);
    else this.counts.set(group, count);
  }

  private beat(): void {
    const now = Date.now();
    if (this.streams.size > 0) this.deps.onBeat?.();
    for (const stream of this.streams) {
      if (now >= stream.endsAt) stream.events.end();
      else stream.events.beat();
      if (stream.events.isOpen) this.deps.onBeatOf?.(stream);
    }
  }

  private async endRevoked(): Promise<void> {
    const ids = new Set([...this.streams].flatMap(({ revocableId }) => revocableId ?? []));
    if (ids.size === 0) return;
    try {
      const revoked = await this.deps.findRevoked([...ids]);
      for (const stream of this.streams)
        if (stream.revocableId !== null && revoked.has(stream.revocableId)) stream.events.end();
    } catch (error) {
      // The next check asks again.
      this.deps.log.warn({ err: error }, 'it could not be checked whether callers of streams may still read');
    }
  }
}
