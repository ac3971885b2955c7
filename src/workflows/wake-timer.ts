import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import type { Instant } from '../domain/time/time.ts';

/**
 * One timer for everything there is to wait for. A timer that fires early is harmless and costs nothing now, while
 * replacing it costs two history events at every decision; so it is only replaced by an earlier one.
 */
export class WakeTimer {
  private scope: CancellationScope | null = null;
  private running: Instant | null = null;
  fired = false;

  /** Asks to be woken at `at`, or not at all. */
  set(at: Instant | null): void {
    this.fired = false;
    if (at === null || (this.running !== null && this.running <= at && this.running > Date.now())) return;
    this.scope?.cancel();
    this.start(at);
  }

  private start(at: Instant): void {
    const scope = new CancellationScope();
    this.scope = scope;
    this.running = at;
    scope
      .run(() => sleep(Math.max(1, at - Date.now())))
      .then(
        () => {
          if (this.scope !== scope) return;
          this.running = null;
          this.fired = true;
        },
        (error) => {
          if (!isCancellation(error)) throw error;
        },
      );
  }
}
