import { isDataFault } from '../../../db/client.ts';
import { BundleUnavailable } from '../../../db/config/bundle-cache.ts';
import { saveRejectedEvents } from '../../../db/events/save-rejected.ts';
import { commitEvents, type Intake } from './commit.ts';
import { type IncomingEvent, type Receipt, Unavailable } from './incoming-event.ts';
import { rejectEvent } from './rejection.ts';
import { isTransient } from './retry-transaction.ts';
import { traceEvents } from './trace-events.ts';

interface PendingRequest {
  events: IncomingEvent[];
  resolve(receipts: Receipt[]): void;
  reject(error: unknown): void;
}

export interface BatcherOptions {
  /** Milliseconds for which a commit waits for more requests. */
  windowMs?: number;
  /** Maximum number of events in one commit. */
  maxBatch?: number;
  /** Maximum number of concurrent commits. With a single one, a slow commit would delay all unrelated requests. */
  maxInFlight?: number;
  /** Maximum number of waiting events. Beyond it requests are refused: senders slow down, and memory is bounded. */
  maxWaiting?: number;
}

/**
 * Gathers concurrent requests into one commit, and answers each request after that commit. An event in a transaction of
 * its own costs about ten times as much.
 */
export class IntakeBatcher {
  private queue: PendingRequest[] = [];
  private queued = 0;
  private running = 0;
  private timer: NodeJS.Timeout | null = null;
  private readonly intake: Intake;
  private readonly options: Required<BatcherOptions>;
  private readonly onCommit: () => void;

  constructor(intake: Intake, options: BatcherOptions = {}, onCommit: () => void = () => {}) {
    this.intake = intake;
    this.onCommit = onCommit;
    this.options = { windowMs: 2, maxBatch: 1_000, maxInFlight: 3, maxWaiting: 50_000, ...options };
  }

  /** Events that wait for a commit. */
  get waiting(): number {
    return this.queued;
  }

  /**
   * Accepts events and resolves after their commit.
   *
   * @throws Unavailable when the sender must retry
   */
  accept(events: IncomingEvent[]): Promise<Receipt[]> {
    if (events.length === 0) return Promise.resolve([]);
    if (this.queued + events.length > this.options.maxWaiting) {
      return Promise.reject(new Unavailable('too many events are waiting to be committed'));
    }
    return new Promise((resolve, reject) => {
      this.queue.push({ events: traceEvents(events), resolve, reject });
      this.queued += events.length;
      this.scheduleCommit();
    });
  }

  private scheduleCommit(): void {
    if (this.running >= this.options.maxInFlight || this.queue.length === 0) return;
    if (this.queued >= this.options.maxBatch) this.commitNext();
    else this.timer ??= setTimeout(() => this.commitNext(), this.options.windowMs);
  }

  private commitNext(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const group: PendingRequest[] = [];
    let size = 0;
    while (this.queue[0] && (size === 0 || size + this.queue[0].events.length <= this.options.maxBatch)) {
      const next = this.queue.shift() as PendingRequest;
      group.push(next);
      size += next.events.length;
    }
    if (group.length === 0) return;
    this.queued -= size;
    this.running++;
    void this.commit(group).finally(() => {
      this.running--;
      this.scheduleCommit();
    });
    this.scheduleCommit();
  }

  private async commit(group: PendingRequest[]): Promise<void> {
    try {
      const receipts = await acceptOrSplit(
        this.intake,
        group.flatMap((request) => request.events),
      );
      this.onCommit();
      let from = 0;
      for (const { events, resolve } of group) {
        resolve(receipts.slice(from, from + events.length));
        from += events.length;
      }
    } catch (error) {
      // What others have sent is not refused with it. What a half of the batch has committed is a duplicate then.
      if (group.length > 1 && concernsOneSender(error))
        await Promise.all(group.map((request) => this.commit([request])));
      else for (const { reject } of group) reject(error);
    }
  }
}

/** Whether the events of one customer or of one workspace are why a batch could not be committed. */
function concernsOneSender(error: unknown): boolean {
  const { cause } = error as Unavailable;
  return error instanceof Unavailable && (cause instanceof BundleUnavailable || isTransient(cause));
}

/**
 * Commits a batch. When Postgres refuses the data, the batch is split in halves until the faulty event is alone, and
 * that event is saved as rejected. A lock conflict that outlasts the retries splits it too, so that it blocks no other
 * customer, and so does a bundle that can't be read.
 *
 * @throws Unavailable when Postgres is unreachable, when a customer stays locked, or when the bundle can't be read
 */
export async function acceptOrSplit(intake: Intake, events: IncomingEvent[]): Promise<Receipt[]> {
  try {
    return await commitEvents(intake, events);
  } catch (error) {
    const isDivisible = isDataFault(error) || isTransient(error) || error instanceof BundleUnavailable;
    if (!isDivisible) throw new Unavailable('the database is unavailable', { cause: error });
    if (events.length > 1) {
      const middle = events.length >> 1;
      const left = await acceptOrSplit(intake, events.slice(0, middle));
      return [...left, ...(await acceptOrSplit(intake, events.slice(middle)))];
    }
    if (error instanceof BundleUnavailable) throw new Unavailable(error.message, { cause: error });
    if (!isDataFault(error))
      throw new Unavailable('the customer is locked by another transaction', { cause: error });
    const faulty = events[0] as IncomingEvent;
    const reason = error instanceof Error ? error.message : String(error);
    const code = 'unstorable';
    await saveRejectedEvents(intake.db.sql, [rejectEvent(faulty, { code, reason })]);
    intake.onRejected?.({ workspace: faulty.workspace, code });
    return [{ messageId: faulty.messageId, status: 'rejected', customerId: null, seq: null }];
  }
}
