import { listUnknownDeliveries } from '../../../db/events/read-rejected.ts';
import type { ApiDeps } from '../frame/deps.ts';
import { createRetryRejected } from './retry-rejected.ts';
import { retryUnlessGone } from './retry-unless-gone.ts';

const EVERY_MS = 15_000;
/** Requests that are read again at a time, the newest first. */
const MOST = 100;

/**
 * Reads receipts again whose delivery was not known: a provider may report before its answer to our call is written.
 * After ten minutes they stay on the rejected list.
 */
export function retryUnknownDeliveries(deps: ApiDeps, everyMs = EVERY_MS): { stop(): Promise<void> } {
  const retry = createRetryRejected(deps);
  let running: Promise<void> = Promise.resolve();
  let isStopped = false;
  const retryAll = async () => {
    try {
      for (const { workspace, id } of await listUnknownDeliveries(deps.db.sql, MOST)) {
        if (isStopped) return;
        await retryUnlessGone(retry, workspace, id);
      }
    } catch (error) {
      deps.log.warn(
        { err: error },
        'receipts of unknown deliveries could not be read again; they will be later',
      );
    }
  };
  const timer = setInterval(() => {
    running = running.then(retryAll);
  }, everyMs).unref();
  return {
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
