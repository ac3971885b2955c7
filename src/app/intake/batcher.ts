import { isDataFault } from '../../../db/client.ts';
import { saveRejectedEvents } from '../../../db/events/save-rejected.ts';
import { commitEvents, type Intake } from './commit.ts';
import { type IncomingEvent, type Receipt, Unavailable } from './incoming-event.ts';
import { isTransient } from './retry-transaction.ts';

interface Waiting {
  events: IncomingEvent[];
  resolve(receipts: Receipt[]): void;
  reject(error: unknown): void;
}

export interface BatcherOptions {
  /** Milliseconds for which a commit waits for company. */
  windowMs?: number;
  /** Events in one commit at most. */
  maxBatch?: number;
  /** Commits on their way at once; with one alone, a slow commit would hold up every stranger behind it. */
  maxInFlight?: number;
  /** Events waiting at most; more is answered as unavailable, so that senders slow down instead of memory growing. */
  maxWaiting?: number;
}

/**
 * Gathers concurrent requests into one commit, and answers each when that has committed. A single event in a
 * transaction of its own costs some ten times as much.
 */
export class IntakeBatcher {
  private queue: Waiting[] = [];
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

  /** Accepts events. Resolves when they are committed. @throws Unavailable when the sender must try again. */
  accept(events: IncomingEvent[]): Promise<Receipt[]> {
    if (events.length === 0) return Promise.resolve([]);
    if (this.queued + events.length > this.options.maxWaiting) {
      return Promise.reject(new Unavailable('too many events are waiting to be committed'));
    }
    return new Promise((resolve, reject) => {
      this.queue.push({ events, resolve, reject });
      this.queued += events.length;
      this.pump();
    });
  }

  private pump(): void {
    if (this.running >= this.options.maxInFlight || this.queue.length === 0) return;
    if (this.queued >= this.options.maxBatch) this.commitNext();
    else this.timer ??= setTimeout(() => this.commitNext(), this.options.windowMs);
  }

  private commitNext(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const group: Waiting[] = [];
    let size = 0;
    while (this.queue[0] && (size === 0 || size + this.queue[0].events.length <= this.options.maxBatch)) {
      const next = this.queue.shift() as Waiting;
      group.push(next);
      size += next.events.length;
    }
    if (group.length === 0) return;
    this.queued -= size;
    this.running++;
    void this.commit(group).finally(() => {
      this.running--;
      this.pump();
    });
    this.pump();
  }

  private async commit(group: Waiting[]): Promise<void> {
    try {
      const receipts = await acceptOrSplit(
        this.intake,
        group.flatMap((g) => g.events),
      );
      this.onCommit();
      let from = 0;
      for (const { events, resolve } of group) {
        resolve(receipts.slice(from, from + events.length));
        from += events.length;
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}

/**
 * Commits a batch. Where the data is at fault it is split in halves until the culprit stands alone, and that one goes
 * to the rejected list; where a lock is, its half can't hold up the other. All else means that Postgres is away.
 */
export async function acceptOrSplit(intake: Intake, events: IncomingEvent[]): Promise<Receipt[]> {
  try {
    return await commitEvents(intake, events);
  } catch (error) {
    const divisible = isDataFault(error) || isTransient(error);
    if (!divisible) throw new Unavailable('the database is away', { cause: error });
    if (events.length > 1) {
      const middle = events.length >> 1;
      const left = await acceptOrSplit(intake, events.slice(0, middle));
      return [...left, ...(await acceptOrSplit(intake, events.slice(middle)))];
    }
    if (!isDataFault(error)) throw new Unavailable('the customer is busy', { cause: error });
    const culprit = events[0] as IncomingEvent;
    const reason = error instanceof Error ? error.message : String(error);
    await saveRejectedEvents(intake.db.sql, [
      { ...culprit, code: 'unstorable', reason, body: JSON.stringify(culprit) },
    ]);
    return [{ messageId: culprit.messageId, status: 'rejected', customerId: null, seq: null }];
  }
}
