const PROBE_EVERY_MS = 1_000;

/**
 * Knows whether a provider can be reached. After an attempt that found no connection, others wait here instead of failing
 * one by one, and all go on as soon as a connection can be made: a pause that doubles would outlast the outage by far.
 */
export class Reachability {
  private away = false;
  private probing = false;
  private readonly waiting = new Set<(reachable: boolean) => void>();
  private readonly probe: () => Promise<boolean>;

  /** @param probe makes a connection and closes it. Returns whether that worked; never throws */
  constructor(probe: () => Promise<boolean>) {
    this.probe = probe;
  }

  get isAway(): boolean {
    return this.away;
  }

  /** Notes whether an attempt found a connection. */
  note(reachable: boolean): void {
    this.away = !reachable;
    if (reachable) this.release();
  }

  /** Resolves with true once the provider can be reached: at once, unless it is away. With false after `ms`. */
  wait(ms: number): Promise<boolean> {
    if (!this.away) return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (reachable: boolean) => {
        clearTimeout(late);
        this.waiting.delete(end);
        resolve(reachable);
      };
      const late = setTimeout(() => end(false), ms);
      this.waiting.add(end);
      if (!this.probing) void this.probeUntilBack();
    });
  }

  private async probeUntilBack(): Promise<void> {
    this.probing = true;
    while (this.away && this.waiting.size > 0) {
      if (await this.probe()) this.note(true);
      else await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
    }
    this.probing = false;
  }

  private release(): void {
    for (const end of this.waiting) end(true);
  }
}
