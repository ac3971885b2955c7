import type { Database } from '../client.ts';
import type { Listener } from '../connection/listener.ts';

const CHANNEL = 'throughline_inbox';
const PAUSE_MS = 20;

/**
 * Announces that the inboxes of these customers have changed, after the commit and together with others of the same
 * moment. A lost notification costs an open stream a few seconds: it looks again by itself.
 */
export function createInboxNotifier(db: Pick<Database, 'sql'>): (customerId: string) => void {
  const changed = new Set<string>();
  return (customerId) => {
    if (changed.size === 0)
      setTimeout(() => {
        const ids = [...changed];
        changed.clear();
        db.sql`select pg_notify(${CHANNEL}, id) from unnest(${ids}::text[]) as t(id)`.catch(() => {});
      }, PAUSE_MS).unref();
    changed.add(customerId);
  };
}

/** Calls `onChange` with each customer whose inbox has changed, and with null when notifications may have been missed. */
export function listenForInboxes(
  db: Pick<Database, 'listen'>,
  onChange: (customerId: string | null) => void,
): Promise<Listener> {
  return db.listen(CHANNEL, onChange, () => onChange(null));
}
