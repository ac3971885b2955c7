import { isBurst } from '../../domain/automatic-hit.ts';
import type { Receipt } from '../../domain/receipt.ts';
import { HOUR, type Instant, MINUTE, type Millis, SECOND } from '../../domain/time/time.ts';
import { groupBy } from '../../domain/values/group-by.ts';

/** A request for a tracked link or image. */
export interface TrackedHit {
  workspace: string;
  deliveryId: string;
  kind: 'opened' | 'clicked';
  at: Instant;
  automatic: boolean;
  /** Clicked. */
  url?: string;
  position?: number;
}

export interface TrackedHitsDeps {
  /** Records receipts of a workspace. @throws while Postgres is away */
  record(workspace: string, receipts: Receipt[]): Promise<unknown>;
  /** Called for hits that are given up. */
  onLost(count: number): void;
  log: { warn(details: object, message: string): void };
}

export interface TrackedHitsLimits {
  /** For how long a hit waits for others of its message, to be judged with them. */
  holdMs?: Millis;
  /** How many wait at most; further ones are lost. */
  capacity?: number;
  /** For how long a hit is tried again while Postgres is away. */
  keepMs?: Millis;
}

const HOLD: Millis = 4 * SECOND;
const CAPACITY = 20_000;
const KEEP: Millis = 10 * MINUTE;
const PAUSE_WHILE_AWAY: Millis = 2 * SECOND;
/** A link that is followed again within this time is the same click; an image that is loaded again, the same open. */
const SAME_CLICK: Millis = 10 * MINUTE;
const SAME_OPEN: Millis = HOUR;

/**
 * Records opens and clicks of tracked messages, after the reader was answered: a redirect waits for nothing. A hit is held
 * for some seconds, because a scanner is known by the links that it follows at once. While Postgres is away hits wait;
 * what has to be given up is counted.
 */
export class TrackedHits {
  readonly #deps: TrackedHitsDeps;
  readonly #limits: Required<TrackedHitsLimits>;
  #waiting: TrackedHit[] = [];
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(
    deps: TrackedHitsDeps,
    { holdMs = HOLD, capacity = CAPACITY, keepMs = KEEP }: TrackedHitsLimits = {},
  ) {
    this.#deps = deps;
    this.#limits = { holdMs, capacity, keepMs };
  }

  /** Hits that wait to be recorded. */
  get waiting(): number {
    return this.#waiting.length;
  }

  add(hit: TrackedHit): void {
    if (this.#waiting.length >= this.#limits.capacity) return this.#deps.onLost(1);
    this.#waiting.push(hit);
    this.#schedule(this.#limits.holdMs);
  }

  /** Records what waits. What can't be recorded now is lost. */
  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
    await this.#flush(Number.POSITIVE_INFINITY);
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#waiting.length > 0) this.#deps.onLost(this.#waiting.length);
    this.#waiting = [];
  }

  #schedule(afterMs: Millis): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#running = this.#flush(Date.now() - this.#limits.holdMs);
    }, afterMs).unref();
  }

  /** Records the hits of messages whose oldest hit is this old. */
  async #flush(until: Instant): Promise<void> {
    const byMessage = groupBy(this.#waiting, ({ workspace, deliveryId }) => `${workspace}/${deliveryId}`);
    const ripe = [...byMessage.values()].filter((hits) => hits.some(({ at }) => at <= until));
    const taken = new Set(ripe.flat());
    this.#waiting = this.#waiting.filter((hit) => !taken.has(hit));
    let pause = this.#limits.holdMs;
    for (const [workspace, messages] of groupBy(ripe, ([hit]) => hit?.workspace ?? '')) {
      try {
        await this.#deps.record(workspace, messages.flatMap(toReceipts));
      } catch (error) {
        this.#deps.log.warn({ err: error }, 'clicks and opens could not be recorded; they are tried again');
        pause = PAUSE_WHILE_AWAY;
        this.#keep(messages.flat());
      }
    }
    if (this.#waiting.length > 0) this.#schedule(pause);
  }

  #keep(hits: TrackedHit[]): void {
    const young = hits.filter(({ at }) => at > Date.now() - this.#limits.keepMs);
    const room = Math.max(0, this.#limits.capacity - this.#waiting.length);
    const kept = young.slice(0, room);
    this.#waiting.push(...kept);
    if (kept.length < hits.length) this.#deps.onLost(hits.length - kept.length);
  }
}

/** The hits of one message as receipts: each link and the image once in a while. */
function toReceipts(hits: readonly TrackedHit[]): Receipt[] {
  const clicks = hits.flatMap(({ kind, position, at }) =>
    kind === 'clicked' && position !== undefined ? [{ position, at }] : [],
  );
  const scanned = isBurst(clicks);
  const receipts = hits.map(({ deliveryId, kind, at, automatic, url, position }): Receipt => {
    const period = Math.floor(at / (kind === 'opened' ? SAME_OPEN : SAME_CLICK));
    const isAutomatic = automatic || (kind === 'clicked' && scanned);
    return {
      kind,
      channel: null,
      deliveryId,
      providerId: null,
      at,
      id: `tracked/${kind}/${position ?? ''}/${period}`,
      ...(url === undefined ? {} : { url }),
      ...(position === undefined ? {} : { position }),
      ...(isAutomatic ? { automatic: true } : {}),
    };
  });
  const once = new Map(
    receipts.toReversed().map((receipt) => [`${receipt.id}/${receipt.automatic}`, receipt]),
  );
  return [...once.values()];
}
