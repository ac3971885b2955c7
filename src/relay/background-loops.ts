import type { Logger } from 'pino';

/** Work that the relay repeats in pages: whatever one commit has left for another process to finish. */
export interface BackgroundLoop {
  name: string;
  /** Milliseconds until the next page when there is no work left. */
  idleMs: number;
  /** Processes a page. Returns whether more may be left; then it is called again at once. */
  runPage(): Promise<boolean>;
}

/** Counts what the loops do. */
export interface LoopObserver {
  started(loop: string): void;
  finishedPage(loop: string): void;
  failedPage(loop: string): void;
}

/** The longest pause after a page that failed. */
const RETRY_MS = 5_000;

/** Runs loops side by side until `stop`, each at its own pace. A page that fails is logged and retried after the pause. */
export class BackgroundLoops {
  private stopped = false;
  private readonly loops: Promise<void>[];
  private readonly waiting = new Set<() => void>();
  private readonly log: Logger;
  private readonly observer: LoopObserver;

  constructor(loops: BackgroundLoop[], log: Logger, observer: LoopObserver) {
    this.log = log;
    this.observer = observer;
    this.loops = loops.map((loop) => this.repeat(loop));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const wake of this.waiting) wake();
    await Promise.all(this.loops);
  }

  private async repeat(loop: BackgroundLoop): Promise<void> {
    this.observer.started(loop.name);
    while (!this.stopped) {
      let pauseMs = loop.idleMs;
      let more = false;
      try {
        more = await loop.runPage();
        this.observer.finishedPage(loop.name);
      } catch (error) {
        this.log.warn({ err: error, loop: loop.name }, 'a background loop failed and will be retried');
        this.observer.failedPage(loop.name);
        pauseMs = Math.min(pauseMs, RETRY_MS);
      }
      if (!more) await this.pause(pauseMs);
    }
  }

  private pause(ms: number): Promise<void> {
    if (this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.waiting.add(wake);
    });
  }
}
