import { LRUCache } from 'lru-cache';
import type { Database } from '../../../db/client.ts';
import { type EventNameOf, saveEventNames } from '../../../db/events/event-names.ts';
import type { Intake } from './accept.ts';
import type { IncomingEvent, Receipt } from './incoming-event.ts';

const KEPT_NAMES = 10_000;
/** Sent by several customers: nothing is left to be saved. */
const SEVERAL = Symbol('several customers');
/** By database, the names that this process has saved, each with the only customer who has sent it. */
const saved = new WeakMap<Database, LRUCache<string, string | typeof SEVERAL>>();

/**
 * Remembers the names of accepted events, so that applying a bundle can tell which of its events were never received, and
 * whether only one customer has sent them, who may be erased. Runs after the commit and outside of it. A failure must not
 * fail the batch, which is committed: it is logged, and the name is saved with its next event.
 */
export async function rememberNames(
  { db, log }: Pick<Intake, 'db' | 'log'>,
  events: readonly IncomingEvent[],
  receipts: readonly Receipt[],
): Promise<void> {
  const names = saved.get(db) ?? new LRUCache<string, string | typeof SEVERAL>({ max: KEPT_NAMES });
  saved.set(db, names);
  const unsaved = new Map<string, EventNameOf>();
  const again = new Map<string, EventNameOf>();
  for (const [position, { workspace, name }] of events.entries()) {
    const key = `${workspace}\n${name}`;
    const known = names.get(key);
    if (known === SEVERAL) continue;
    const { status, customerId } = receipts[position] as Receipt;
    if (status !== 'accepted' || customerId === null || customerId === known) continue;
    const first = unsaved.get(key);
    if (!first) unsaved.set(key, { workspace, name, customerId });
    else if (first.customerId !== customerId) again.set(key, { workspace, name, customerId });
  }
  if (unsaved.size === 0) return;
  try {
    await save(db, names, unsaved);
    if (again.size > 0) await save(db, names, again);
  } catch (error) {
    log?.warn({ err: error, names: unsaved.size }, 'names of received events were not saved');
  }
}

async function save(
  db: Database,
  names: LRUCache<string, string | typeof SEVERAL>,
  unsaved: ReadonlyMap<string, EventNameOf>,
): Promise<void> {
  const single = await saveEventNames(db.sql, [...unsaved.values()]);
  for (const key of unsaved.keys()) names.set(key, SEVERAL);
  for (const { workspace, name, customerId } of single) names.set(`${workspace}\n${name}`, customerId);
}
