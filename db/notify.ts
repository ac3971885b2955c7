import type { Database } from './client.ts';
import type { Listener } from './connection/listener.ts';

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
    db.sql`select pg_notify(${CHANNEL}, '')`.catch(() => {});
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

/** Calls `wake` at each notification and whenever a connection listens anew, since notifications may have been missed. */
export function listenForWakes(db: Database, wake: () => void): Promise<Listener> {
  return db.listen(CHANNEL, wake, wake);
}
