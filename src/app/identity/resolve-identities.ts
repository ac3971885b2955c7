import { uuidv7 } from 'uuidv7';
import type { Tx } from '../../../db/client.ts';
import {
  type BoundIdentity,
  bindIdentities,
  findIdentities,
  type Identity,
  type IdentityDetails,
} from '../../../db/identity/identities.ts';
import type { IncomingEvent } from '../intake/incoming-event.ts';

/** Somebody else has changed whose an identity is while we looked. The whole transaction is tried again and then knows. */
export class IdentityRace extends Error {}

/** A customer as far as this batch knows it. */
interface Person {
  customerId: string;
  /** Whether some user id is bound to it: another user's events are never added to it. */
  userId: string | null;
  accountId: string | null;
  personKey: string | null;
}

interface Known {
  person: Person;
  /** Customer that the identity was bound to before a merge: what comes under it keeps that. */
  origin: string | null;
}

/** Whom one event is about. */
export interface ResolvedCustomer {
  customerId: string;
  origin: string | null;
  /** Account and contact subject as last committed; read only where asked for, checked again under the customer's lock. */
  accountId: string | null;
  personKey: string | null;
}

/** Two customers of whom an event says that they are one. */
export interface DiscoveredMerge {
  workspace: string;
  firstId: string;
  secondId: string;
  reason: 'identify' | 'alias';
}

/** Who a batch is about, before anything is written. */
export interface IdentityResolution {
  resolved: ResolvedCustomer[];
  /** Identities seen for the first time. */
  unbound: BoundIdentity[];
  discovered: DiscoveredMerge[];
}

/** A new customer's id: opaque, and ordered by time, so that indexes grow at one end. */
export function mintCustomerId(): string {
  return `cus_${uuidv7().replaceAll('-', '')}`;
}

/**
 * Says who each event is about. `userId` is the strongest; an anonymous visitor's customer gets the user id if nobody
 * has one there yet, and so does one known by address alone. Two customers that turn out to be one stay two here and
 * are reported: merging is a transaction of its own.
 */
export async function resolveIdentities(
  tx: Tx,
  events: IncomingEvent[],
  subjects: boolean,
): Promise<IdentityResolution> {
  const identified = events.map((event) => ({ event, identities: identitiesOf(event) }));
  const wanted = new Map(identified.flatMap((i) => i.identities).map((one) => [keyOf(one), one]));
  const along = { userIds: events.some(needsUsers), subjects };
  const known = wanted.size > 0 ? await readKnown(tx, [...wanted.values()], along) : new Map<string, Known>();
  const resolution: IdentityResolution = { resolved: [], unbound: [], discovered: [] };
  for (const { event, identities } of identified) {
    if (event.customerId) {
      resolution.resolved.push({
        customerId: event.customerId,
        origin: null,
        accountId: null,
        personKey: null,
      });
      continue;
    }
    const found = recognise(event, identities, known) ?? { person: newcomer(), origin: null };
    const { person, origin } = found;
    person.userId ??= event.userId ?? null;
    for (const identity of identities) {
      if (known.has(keyOf(identity))) continue;
      known.set(keyOf(identity), found);
      resolution.unbound.push({ ...identity, customerId: person.customerId, origin });
    }
    const other = discover(event, identities, known, person);
    if (other) resolution.discovered.push(other);
    resolution.resolved.push({ ...person, origin });
  }
  return resolution;
}

/** Binds what was seen for the first time. @throws IdentityRace when somebody was quicker */
export async function bindNewcomers(tx: Tx, unbound: BoundIdentity[]): Promise<void> {
  if (unbound.length > 0 && (await bindIdentities(tx, unbound)).length < unbound.length)
    throw new IdentityRace();
}

function newcomer(): Person {
  return { customerId: mintCustomerId(), userId: null, accountId: null, personKey: null };
}

/** Only where a weaker identity stands beside a user id must be known whose it is. */
function needsUsers(event: IncomingEvent): boolean {
  return (
    event.userId !== undefined &&
    (event.anonymousId !== undefined ||
      event.email !== undefined ||
      event.phone !== undefined ||
      event.previousId !== undefined ||
      event.externalIds !== undefined)
  );
}

async function readKnown(tx: Tx, wanted: Identity[], along: IdentityDetails): Promise<Map<string, Known>> {
  const people = new Map<string, Person>();
  const known = new Map<string, Known>();
  for (const row of await findIdentities(tx, wanted, along)) {
    const { customerId, userId, accountId, personKey, origin } = row;
    const person = people.get(customerId) ?? { customerId, userId, accountId, personKey };
    people.set(customerId, person);
    known.set(keyOf(row), { person, origin });
  }
  return known;
}

/** The strongest identity decides; a weaker one only where it doesn't belong to another user. */
function recognise(
  event: IncomingEvent,
  identities: Identity[],
  known: Map<string, Known>,
): Known | undefined {
  for (const identity of identities) {
    const found = known.get(keyOf(identity));
    if (!found) continue;
    const { userId } = found.person;
    const another = event.userId !== undefined && userId !== null && userId !== event.userId;
    if (identity.type === 'user' || !another) return found;
  }
  return undefined;
}

/**
 * An `identify` with a user id and an anonymous id, or an alias, says that two customers are one; an address alone
 * never does, for people share those. Two different user ids are never one by themselves.
 */
function discover(
  event: IncomingEvent,
  identities: Identity[],
  known: Map<string, Known>,
  person: Person,
): DiscoveredMerge | undefined {
  if (event.type !== 'identify' && event.type !== 'alias') return undefined;
  for (const identity of identities) {
    if (identity.type === 'email' || identity.type === 'phone' || identity.type === 'external') continue;
    const other = known.get(keyOf(identity))?.person;
    if (!other || other.customerId === person.customerId) continue;
    if (other.userId !== null && person.userId !== null) continue;
    const [one, two] = [person.customerId, other.customerId].sort() as [string, string];
    return { workspace: event.workspace, firstId: one, secondId: two, reason: event.type };
  }
  return undefined;
}

/** Strongest first. */
function identitiesOf(event: IncomingEvent): Identity[] {
  if (event.customerId) return [];
  const { workspace, userId, anonymousId, previousId, externalIds = [], email, phone } = event;
  const identities: Identity[] = [];
  if (userId !== undefined) identities.push({ workspace, type: 'user', value: userId });
  if (anonymousId !== undefined) identities.push({ workspace, type: 'anon', value: anonymousId });
  if (previousId !== undefined) identities.push({ workspace, type: 'anon', value: previousId });
  for (const value of externalIds) identities.push({ workspace, type: 'external', value });
  if (email !== undefined) identities.push({ workspace, type: 'email', value: email });
  if (phone !== undefined) identities.push({ workspace, type: 'phone', value: phone });
  return identities;
}

function keyOf({ workspace, type, value }: Identity): string {
  return `${workspace}\u0001${type}\u0001${value}`;
}
