import { LRUCache } from 'lru-cache';
import type { Database } from '../../../db/client.ts';
import { saveEventNames } from '../../../db/events/event-names.ts';
import type { IncomingEvent } from './incoming-event.ts';

const KEPT_NAMES = 10_000;
/** The names that this process has saved, by database. */
const saved = new WeakMap<Database, LRUCache<string, true>>();

/**
 * Remembers the names of accepted events, so that applying a bundle can tell which of its events were never received.
 * Runs after the commit and outside of it: a name that is lost comes with the next event.
 */
export async function rememberNames(db: Database, events: readonly IncomingEvent[]): Promise<void> {
  const names = saved.get(db) ?? new LRUCache<string, true>({ max: KEPT_NAMES });
  saved.set(db, names);
  const news = new Map<string, { workspace: string; name: string }>();
  for (const { workspace, name } of events) {
    const key = `${workspace}\n${name}`;
    if (names.get(key) === undefined) news.set(key, { workspace, name });
  }
  if (news.size === 0) return;
  try {
    await saveEventNames(db.sql, [...news.values()]);
  } catch {
    return;
  }
  for (const key of news.keys()) names.set(key, true);
}
