import type { Database } from './client.ts';

const CHANNEL = 'throughline_wakes';
const THROTTLE_MS = 10;

/**
 * Notifies relays that events were committed. It runs after the commit, since NOTIFY within the accepting transactions
 * would serialise all commits, and at most once per 10 ms and process. A lost notification costs one poll interval,
 * never an event.
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

/** Calls `wake` at each notification and whenever the listening connection is established. */
export async function listenForWakes(db: Database, wake: () => void): Promise<() => Promise<void>> {
  const { unlisten } = await db.sql.listen(CHANNEL, wake, wake);
  return unlisten;
}
