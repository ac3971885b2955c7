import { createHash } from 'node:crypto';
import type { Tx } from '../../../db/client.ts';
import { type KnownFactRow, readKnownFacts } from '../../../db/events/known-facts.ts';
import {
  type FactIdentity,
  findEarlierEvent,
  type KnownFact,
  listRemembered,
  readFactIdentity,
} from '../../domain/fact-identity.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { BatchEntry } from './batch-entry.ts';

/** The event that is being accepted, with the instant and the id that it gets in the log. */
interface AcceptedEvent {
  customerId: string;
  eventId: string;
  at: Instant;
}

/**
 * The facts in the logs of a batch's locked customers, as far as the batch states them again. This is the one place that
 * decides whether an event states a new fact.
 */
export class KnownFacts {
  private readonly known = new Map<string, KnownFactRow>();
  private readonly changed = new Map<string, KnownFactRow>();

  /** @param acceptedAt no event happened later */
  static async read(tx: Tx, entries: BatchEntry[], acceptedAt: Instant): Promise<KnownFacts> {
    const facts = new KnownFacts();
    const keys = entries.flatMap(({ event, customerId }) => {
      const at = Math.min(event.at, acceptedAt);
      const identity = readFactIdentity({ ...event, at, seq: 0 });
      if (!identity) return [];
      const accepted = { customerId, eventId: '', at };
      const none = () => undefined;
      return listRemembered(hashIdentity(identity), accepted, none).map(([key]) => ({
        customerId,
        key: hash(key),
      }));
    });
    if (keys.length === 0) return facts;
    for (const row of await readKnownFacts(tx, keys)) facts.known.set(toKey(row), row);
    return facts;
  }

  /** Returns the id of the event that stated this fact before, or null, and remembers the fact. */
  recognise(event: BatchEntry['event'], { customerId, eventId, at }: AcceptedEvent): string | null {
    const read = readFactIdentity({ ...event, at, seq: 0 });
    if (!read) return null;
    const identity = hashIdentity(read);
    const known = (key: string): KnownFact | undefined =>
      this.known.get(toKey({ customerId, key: hash(key) }));
    const before = findEarlierEvent(identity, at, known);
    if (before !== undefined) return before;
    for (const [key, fact] of listRemembered(identity, { eventId, at }, known)) {
      const row = { ...fact, customerId, key: hash(key) };
      this.known.set(toKey(row), row);
      this.changed.set(toKey(row), row);
    }
    return null;
  }

  /** The rows to write. */
  get changedRows(): KnownFactRow[] {
    return [...this.changed.values()];
  }
}

function hashIdentity(identity: FactIdentity): FactIdentity {
  return identity.kind === 'version' ? { ...identity, content: hash(identity.content) } : identity;
}

/** Ids come from senders and may be long; 128 bits of a hash are an index key of fixed size that reveals nothing. */
function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

function toKey({ customerId, key }: Pick<KnownFactRow, 'customerId' | 'key'>): string {
  return `${customerId} ${key}`;
}
