import type { Logger } from 'pino';

/** Something that must not be forgotten, done in pages. */
export interface BackgroundLoop {
  name: string;
  /** Milliseconds between looks when there is nothing to do. */
  idleMs: number;
  /** Does a page. Returns whether there may be more: then it is called again at once. */
  runPage(): Promise<boolean>;
}

/** Does chores, each at its own pace and none holding up another, until `stop`. What fails is tried again at its next turn. */
export class BackgroundLoops {
  private stopped = false;
  private readonly loops: Promise<void>[];
  private readonly waiting = new Set<() => void>();
  private readonly log: Logger;

  constructor(chores: BackgroundLoop[], log: Logger) {
    this.log = log;
    this.loops = chores.map((chore) => this.repeat(chore));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const wake of this.waiting) wake();
    await Promise.all(this.loops);
  }

  private async repeat(chore: BackgroundLoop): Promise<void> {
    while (!this.stopped) {
      const more = await chore.runPage().catch((error) => {
        this.log.warn({ err: error, chore: chore.name }, 'the relay will try again');
        return false;
      });
      if (!more) await this.pause(chore.idleMs);
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
