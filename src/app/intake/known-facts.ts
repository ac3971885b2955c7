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
  private readonly identities = new Map<BatchEntry['event'], FactIdentity>();
  private readonly known = new Map<string, KnownFactRow>();
  private readonly changed = new Map<string, KnownFactRow>();

  /** @param acceptedAt no event happened later */
  static async read(tx: Tx, entries: BatchEntry[], acceptedAt: Instant): Promise<KnownFacts> {
    const facts = new KnownFacts();
    const keys = entries.flatMap(({ event, customerId }) => {
      const at = Math.min(event.at, acceptedAt);
      const identity = readHashedIdentity(event, at);
      if (!identity) return [];
      facts.identities.set(event, identity);
      const remembered = listRemembered(identity, { eventId: '', at }, () => undefined);
      return remembered.map(([key]) => ({ customerId, key }));
    });
    if (keys.length === 0) return facts;
    for (const row of await readKnownFacts(tx, keys)) facts.known.set(toKey(row), row);
    return facts;
  }

  /**
   * Returns the id of the event that stated this fact before, or null, and remembers the fact.
   * @param event one of the entries' that were read
   */
  recognise(event: BatchEntry['event'], { customerId, eventId, at }: AcceptedEvent): string | null {
    const identity = this.identities.get(event);
    if (!identity) return null;
    const known = (key: string): KnownFact | undefined => this.known.get(toKey({ customerId, key }));
    const before = findEarlierEvent(identity, at, known);
    if (before !== undefined) return before;
    for (const [key, fact] of listRemembered(identity, { eventId, at }, known)) {
      const row = { ...fact, customerId, key };
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

/** Ids come from senders and may be long; a hash is an index key of fixed size that reveals nothing. */
function readHashedIdentity(event: BatchEntry['event'], at: Instant): FactIdentity | undefined {
  const identity = readFactIdentity({ ...event, at, seq: 0 });
  if (!identity) return undefined;
  const key = hash(identity.key);
  return identity.kind === 'version'
    ? { ...identity, key, content: hash(identity.content) }
    : { ...identity, key };
}

/** 128 bits of SHA-256. */
function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

function toKey({ customerId, key }: Pick<KnownFactRow, 'customerId' | 'key'>): string {
  return `${customerId} ${key}`;
}
