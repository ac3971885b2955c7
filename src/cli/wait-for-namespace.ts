import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { JourneyClient } from '../temporal/journey-client.ts';

const POLL_MS = 1_000;
/** How often the log repeats what is missing. */
const REPEAT_MS = 30_000;

/**
 * Waits while Temporal answers that it has no namespace of the configured name, and says in one line how to create it.
 * A Temporal that does not answer is not waited for here: roles try again by themselves.
 */
export async function waitForNamespace(
  { journeys, log }: { journeys: Pick<JourneyClient, 'check'>; log: Logger },
  signal: AbortSignal,
): Promise<void> {
  let loggedAt: number | null = null;
  while (!signal.aborted) {
    const state = await journeys.check();
    if (state.kind !== 'no_namespace') break;
    if (loggedAt === null || Date.now() - loggedAt >= REPEAT_MS) {
      log.warn(state.detail);
      loggedAt = Date.now();
    }
    // An abort ends the pause, and then the loop.
    await sleep(POLL_MS, undefined, { signal }).catch(() => {});
  }
  if (loggedAt !== null && !signal.aborted) log.info('the namespace exists now');
}
