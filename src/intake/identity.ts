import { uuidv7 } from 'uuidv7';
import type { Tx } from '../../db/client.ts';
import {
  bindIdentities,
  findIdentities,
  type Identity,
  type KnownIdentity,
} from '../../db/queries/resolve-identities.ts';
import type { IncomingEvent } from './incoming.ts';

/** Somebody else has bound an identity while we did. The whole transaction is tried again and then finds it bound. */
export class IdentityRace extends Error {}

/** A customer as far as this batch knows it. */
interface Person {
  customerId: string;
  /** Whether some user id is bound to it: another user's events are never added to it. */
  userId: string | null;
}

/** A new customer's id: opaque, and ordered by time, so that indexes grow at one end. */
export function mintCustomerId(): string {
  return `cus_${uuidv7().replaceAll('-', '')}`;
}

/**
 * Says who each event is about, and binds identities seen for the first time. `userId` is the strongest; an anonymous
 * visitor's customer gets the user id if nobody has one there yet, and so does one known by address alone. Two
 * customers that turn out to be one stay two here; merging is another operation.
 */
export async function resolveIdentities(tx: Tx, events: IncomingEvent[]): Promise<string[]> {
  const wanted = new Map(events.flatMap(identitiesOf).map((identity) => [keyOf(identity), identity]));
  const known =
    wanted.size > 0
      ? await readKnown(tx, [...wanted.values()], events.some(needsUsers))
      : new Map<string, Person>();
  const unbound: KnownIdentity[] = [];
  const customers = events.map((event) => {
    if (event.customerId) return event.customerId;
    const identities = identitiesOf(event);
    const person = recognise(event, identities, known) ?? { customerId: mintCustomerId(), userId: null };
    person.userId ??= event.userId ?? null;
    for (const identity of identities) {
      if (known.has(keyOf(identity))) continue;
      known.set(keyOf(identity), person);
      unbound.push({ ...identity, customerId: person.customerId });
    }
    return person.customerId;
  });
  if (unbound.length > 0 && (await bindIdentities(tx, unbound)).length < unbound.length)
    throw new IdentityRace();
  return customers;
}

/** Only where a weaker identity stands beside a user id must be known whose it is. */
function needsUsers(event: IncomingEvent): boolean {
  return event.userId !== undefined && (event.anonymousId !== undefined || event.email !== undefined);
}

async function readKnown(tx: Tx, wanted: Identity[], withUsers: boolean): Promise<Map<string, Person>> {
  const people = new Map<string, Person>();
  const known = new Map<string, Person>();
  for (const row of await findIdentities(tx, wanted, withUsers)) {
    const person = people.get(row.customerId) ?? { customerId: row.customerId, userId: row.userId };
    people.set(row.customerId, person);
    known.set(keyOf(row), person);
  }
  return known;
}

/** The strongest identity decides; a weaker one only where it doesn't belong to another user. */
function recognise(
  event: IncomingEvent,
  identities: Identity[],
  known: Map<string, Person>,
): Person | undefined {
  for (const identity of identities) {
    const person = known.get(keyOf(identity));
    if (!person) continue;
    const another = event.userId !== undefined && person.userId !== null && person.userId !== event.userId;
    if (identity.type === 'user' || !another) return person;
  }
  return undefined;
}

/** Strongest first. */
function identitiesOf(event: IncomingEvent): Identity[] {
  const { workspace, userId, anonymousId, email } = event;
  if (event.customerId) return [];
  return [
    ...(userId === undefined ? [] : [{ workspace, type: 'user' as const, value: userId }]),
    ...(anonymousId === undefined ? [] : [{ workspace, type: 'anon' as const, value: anonymousId }]),
    ...(email === undefined ? [] : [{ workspace, type: 'email' as const, value: email }]),
  ];
}

function keyOf({ workspace, type, value }: Identity): string {
  return `${workspace}\u0001${type}\u0001${value}`;
}
