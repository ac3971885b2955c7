/** Positions of the numbers that the process writes and the health thread reads. Times are wall clock. */
const BEAT = 0;
const READY = 1;
const PENDING = 2;
const PROGRESS = 3;
const LENGTH = 4;

const BEAT_MS = 500;
/** No work may hold up the process for longer than a second or two. */
const BLOCKED_MS = 5_000;
/** A process that has been blocked for so long does not come back by itself. */
const DEAD_MS = 60_000;
/** Four times what a decision may take with all its tries. */
const STALLED_MS = 40_000;

interface HealthReason {
  code: string;
  detail: string;
}

/**
 * What a process tells about itself, in memory that a thread of its own reads: a process that is blocked cannot answer
 * for itself.
 */
export class HealthRecord {
  readonly shared = new SharedArrayBuffer(LENGTH * Float64Array.BYTES_PER_ELEMENT);
  readonly #numbers = new Float64Array(this.shared);
  #timer: NodeJS.Timeout | undefined;

  /** Begins to report that the process is not blocked. */
  start(): void {
    const beat = () => {
      this.#numbers[BEAT] = Date.now();
    };
    beat();
    this.#timer = setInterval(beat, BEAT_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Whether all roles of the process run. */
  setReady(isReady: boolean): void {
    this.#numbers[READY] = isReady ? 1 : 0;
  }

  /** Counts a decision while `work` makes it. */
  async decide<T>(work: () => Promise<T>): Promise<T> {
    const numbers = this.#numbers;
    if (numbers[PENDING] === 0) numbers[PROGRESS] = Date.now();
    numbers[PENDING] = (numbers[PENDING] ?? 0) + 1;
    try {
      return await work();
    } finally {
      numbers[PENDING] -= 1;
      numbers[PROGRESS] = Date.now();
    }
  }
}

export interface HealthAnswer {
  /** False: the process should be started again. */
  alive: boolean;
  reasons: HealthReason[];
  /** For how long the process has not run anything. */
  silentMs: number;
}

/** What the numbers of a process mean. */
export function readHealth(shared: SharedArrayBuffer, now: number): HealthAnswer {
  const numbers = new Float64Array(shared);
  const silent = now - (numbers[BEAT] ?? 0);
  const waiting = now - (numbers[PROGRESS] ?? 0);
  const reasons: HealthReason[] = [];
  if (numbers[READY] !== 1)
    reasons.push({ code: 'not_started', detail: 'a server is not reachable yet, or the process stops' });
  if (silent > BLOCKED_MS)
    reasons.push({ code: 'blocked', detail: `the process is blocked for ${Math.round(silent / 1_000)} s` });
  if ((numbers[PENDING] ?? 0) > 0 && waiting > STALLED_MS)
    reasons.push({
      code: 'decides_nothing',
      detail: `${numbers[PENDING]} decisions were begun and none ended for ${Math.round(waiting / 1_000)} s`,
    });
  return { alive: silent <= DEAD_MS, reasons, silentMs: Math.max(0, silent) };
}
