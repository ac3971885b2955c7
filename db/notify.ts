import type { Database } from './client.ts';

const CHANNEL = 'throughline_wakes';
const THROTTLE_MS = 10;

/**
 * Tells relays that something was committed. Never inside the accepting transaction, where it would serialise all
 * commits; at most once per 10 ms and process. A lost notification costs one poll interval, never an event.
 */
export function createNotifier(db: Database): () => void {
  let resting = false;
  let missed = false;
  const send = () => {
    db.sql.notify(CHANNEL, '').catch(() => {});
    resting = true;
    setTimeout(() => {
      resting = false;
      if (missed) send();
      missed = false;
    }, THROTTLE_MS).unref();
  };
  return () => {
    if (resting) missed = true;
    else send();
  };
}

/** Calls `wake` at each notification, and whenever the listening connection is (again) there. */
export async function listenForWakes(db: Database, wake: () => void): Promise<() => Promise<void>> {
  const { unlisten } = await db.sql.listen(CHANNEL, wake, wake);
  return unlisten;
}
