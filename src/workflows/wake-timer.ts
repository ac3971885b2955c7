import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import type { Instant } from '../domain/time/time.ts';

/**
 * The workflow's only timer. A timer that fires early is harmless, while replacing one costs two history events at
 * every decision. So a running timer is replaced only by an earlier one.
 */
export class WakeTimer {
  private scope: CancellationScope | null = null;
  private running: Instant | null = null;
  fired = false;

  /** Sets the instant at which `fired` becomes true; null sets no timer. */
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
