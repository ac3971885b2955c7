import { LRUCache } from 'lru-cache';
import type { Database } from '../../../db/client.ts';
import { saveEventNames } from '../../../db/events/event-names.ts';
import type { Intake } from './accept.ts';
import type { IncomingEvent } from './incoming-event.ts';

const KEPT_NAMES = 10_000;
/** The names that this process has saved, by database. */
const saved = new WeakMap<Database, LRUCache<string, true>>();

/**
 * Remembers the names of accepted events, so that applying a bundle can tell which of its events were never received.
 * Runs after the commit and outside of it. A failure must not fail the batch, which is committed: it is logged, and the
 * name is saved with its next event.
 */
export async function rememberNames(
  { db, log }: Pick<Intake, 'db' | 'log'>,
  events: readonly IncomingEvent[],
): Promise<void> {
  const names = saved.get(db) ?? new LRUCache<string, true>({ max: KEPT_NAMES });
  saved.set(db, names);
  const unsaved = new Map<string, { workspace: string; name: string }>();
  for (const { workspace, name } of events) {
    const key = `${workspace}\n${name}`;
    if (names.get(key) === undefined) unsaved.set(key, { workspace, name });
  }
  if (unsaved.size === 0) return;
  try {
    await saveEventNames(db.sql, [...unsaved.values()]);
  } catch (error) {
    log?.warn({ err: error, names: unsaved.size }, 'names of received events were not saved');
    return;
  }
  for (const key of unsaved.keys()) names.set(key, true);
}
