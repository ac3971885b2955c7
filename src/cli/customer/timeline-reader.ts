import type { z } from 'zod';
import type { timelineItem } from '../../api/customers/timeline-schema.ts';
import { readTime } from '../../domain/time/read-time.ts';
import { type Instant, MINUTE, SECOND } from '../../domain/time/time.ts';

export type TimelineItem = z.infer<typeof timelineItem>;

export interface TimelinePage {
  data: TimelineItem[];
  nextCursor: string | null;
}

/** Reads a page, newest first. */
export type ReadPage = (cursor: string | null, limit: number) => Promise<TimelinePage>;

/** What is shown of the past. */
export interface Past {
  lines: number;
  /** Instead of the number of lines. */
  since: Instant | null;
}

/** Two transactions may commit in another order than their times. So far back every page is read again. */
const OVERLAP = MINUTE;
/** A state that is over sooner is not shown: a message that leaves at once is planned and being sent only for a moment. */
const TRANSIENT = 5 * SECOND;
/** Sizes of pages: the largest that the API gives, and enough for what comes between two looks. */
const LARGEST_PAGE = 100;
const SMALL_PAGE = 20;
/** Items that are read of the past at most. */
const MOST = 5_000;
/** Keys that are remembered at least. Older ones than the overlap are forgotten then. */
const REMEMBERED = 20_000;

/** Reads a timeline again and again, and returns each item once. It remembers what it has returned, not the server. */
export class TimelineReader {
  readonly #readPage: ReadPage;
  readonly #now: () => number;
  /** Keys that were returned or are older than what is shown, each with its time of acceptance. */
  readonly #seen = new Map<string, Instant>();
  /** When a passing state was seen first. */
  readonly #transient = new Map<string, number>();
  #newest: Instant = 0;

  constructor(readPage: ReadPage, now: () => number = Date.now) {
    this.#readPage = readPage;
    this.#now = now;
  }

  /** The past, oldest first. */
  async readPast({ lines, since }: Past): Promise<TimelineItem[]> {
    const items: TimelineItem[] = [];
    let cursor: string | null = null;
    do {
      const page: TimelinePage = await this.#readPage(cursor, LARGEST_PAGE);
      items.push(...page.data);
      cursor = page.nextCursor;
    } while (cursor !== null && items.length < MOST && this.#needsMore(items, { lines, since }));
    this.#newest = Math.max(this.#newest, ...items.map(toAccepted));
    const shown = since === null ? items.slice(0, lines) : items.filter((item) => toAccepted(item) >= since);
    for (const item of items) this.#seen.set(toKey(item), toAccepted(item));
    return shown.reverse();
  }

  #needsMore(items: readonly TimelineItem[], { lines, since }: Past): boolean {
    const first = items[0];
    const last = items.at(-1);
    if (!first || !last) return false;
    const enough = since === null ? items.length >= lines : toAccepted(last) < since;
    return !enough || toAccepted(last) > toAccepted(first) - OVERLAP;
  }

  /** What came since the last call, oldest first. */
  async readNew(): Promise<TimelineItem[]> {
    const floor = this.#newest - OVERLAP;
    const items: TimelineItem[] = [];
    let cursor: string | null = null;
    do {
      const page: TimelinePage = await this.#readPage(cursor, SMALL_PAGE);
      items.push(...page.data);
      cursor = page.nextCursor;
    } while (cursor !== null && items.length < MOST && toAccepted(items.at(-1)) >= floor);
    const fresh = items.filter((item) => !this.#seen.has(toKey(item)) && !this.#isPassing(item));
    for (const item of fresh) this.#seen.set(toKey(item), toAccepted(item));
    this.#newest = Math.max(this.#newest, ...fresh.map(toAccepted));
    this.#forget();
    // A merge brings the other customer's past, which is not new.
    return fresh.filter((item) => toAccepted(item) >= floor).reverse();
  }

  /** Whether the state may be over in a moment. */
  #isPassing(item: TimelineItem): boolean {
    if (!isTransient(item)) return false;
    const key = toKey(item);
    const since = this.#transient.get(key) ?? this.#now();
    this.#transient.set(key, since);
    return this.#now() - since < TRANSIENT;
  }

  #forget(): void {
    if (this.#seen.size <= REMEMBERED) return;
    const oldest = this.#newest - 2 * OVERLAP;
    for (const [key, at] of this.#seen) {
      if (this.#seen.size <= REMEMBERED / 2) break;
      if (at < oldest) this.#seen.delete(key);
    }
    this.#transient.clear();
  }
}

function toAccepted(item: TimelineItem | undefined): Instant {
  return readTime(item?.acceptedAt) ?? 0;
}

/** A delivery keeps its id when its state or its time changes. */
function toKey({ id, kind, data, at }: TimelineItem): string {
  return kind === 'delivery' || kind === 'task' ? `${id} ${String(data.state)} ${at}` : id;
}

function isTransient(item: TimelineItem): boolean {
  const { state } = item.data;
  if (item.kind === 'task') return state === 'planned';
  if (item.kind !== 'delivery') return false;
  return (
    state === 'sending' || (state === 'planned' && (readTime(item.at) ?? 0) - toAccepted(item) < TRANSIENT)
  );
}
