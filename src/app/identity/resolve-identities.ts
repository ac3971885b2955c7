import { hash } from 'node:crypto';
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
import { type Claim, UnprovenIdentities, type UnprovenIds } from './unproven-identities.ts';

/** Another transaction has rebound an identity. The caller retries its transaction, which then reads the change. */
export class IdentityRace extends Error {}

/** A customer as this batch has read or created it. */
interface BatchCustomer {
  customerId: string;
  /** The user id bound to it, or null. Events of another user are never added to it. */
  userId: string | null;
  accountId: string | null;
  personKey: string | null;
}

interface BoundTo {
  customer: BatchCustomer;
  /** The customer that the identity was bound to before a merge. Events under the identity keep it as their origin. */
  origin: string | null;
}

/** The customer of one event. */
export interface ResolvedCustomer {
  customerId: string;
  origin: string | null;
  /** Account and person as last committed; read only on request, and checked again under the customer's lock. */
  accountId: string | null;
  personKey: string | null;
  /** Another customer, whom the event's device is bound to. */
  deviceOwner: string | null;
  /** Of an unproven event: its addresses that identify another customer, and ids that would join two known ones. */
  unproven?: UnprovenIds;
}

/** Two customers that an event identifies as one. `firstId` sorts before `secondId`. */
export interface DiscoveredMerge {
  workspace: string;
  firstId: string;
  secondId: string;
  reason: 'identify' | 'alias';
}

/** The customers of a batch, before anything is written. */
export interface IdentityResolution {
  /** One per event, in the order of the batch. */
  resolved: ResolvedCustomer[];
  /** Identities that aren't bound to a customer yet. */
  unbound: BoundIdentity[];
  discovered: DiscoveredMerge[];
  /** Events that bring a further identity to a customer who was known before. */
  extended: { customerId: string; position: number }[];
  /** Positions of events by which a user identifies with a device of another user. */
  shares: number[];
  /** Positions of unproven events that name a known customer by an address or an external id alone. */
  refused: number[];
  /** Addresses that unproven events are the first to state of their customer, with the events' positions. */
  claims: (Claim & { position: number })[];
}

/** Creates a customer's id: opaque, and ordered by time, so that indexes grow at one end. */
export function mintCustomerId(): string {
  return `cus_${uuidv7().replaceAll('-', '')}`;
}

/**
 * Determines the customer of each event. The user id is the strongest identity. A customer known by an anonymous id or
 * an address alone takes the event's user id. Customers that turn out to be one aren't merged here but reported,
 * because a merge is a transaction of its own.
 *
 * @param subjects whether account and person of the customers are read too
 * @param isUnproven whether anybody may have sent the event: its addresses then lead to nobody
 */
export async function resolveIdentities(
  tx: Tx,
  events: IncomingEvent[],
  subjects: boolean,
  isUnproven: (event: IncomingEvent) => boolean = () => false,
): Promise<IdentityResolution> {
  const batch = events.map((event) => ({ event, identities: listIdentities(event) }));
  const identities = new Map(batch.flatMap((item) => item.identities).map((item) => [toKey(item), item]));
  const details = { userIds: events.some(needsUserIds), subjects };
  const bindings =
    identities.size > 0
      ? await readBindings(tx, [...identities.values()], details)
      : new Map<string, BoundTo>();
  const resolution: IdentityResolution = {
    resolved: [],
    unbound: [],
    discovered: [],
    extended: [],
    shares: [],
    refused: [],
    claims: [],
  };
  const find = (identity: Identity) => bindings.get(toKey(identity))?.customer.customerId;
  const unproven = await UnprovenIdentities.read(
    tx,
    batch.flatMap(({ event, identities: ids }) =>
      isUnproven(event) ? ids.flatMap((id) => find(id) ?? []) : [],
    ),
  );
  for (const [position, { event, identities: named }] of batch.entries()) {
    if (event.customerId) {
      const unread = { origin: null, accountId: null, personKey: null, deviceOwner: null };
      resolution.resolved.push({ customerId: event.customerId, ...unread });
      continue;
    }
    const leading = isUnproven(event) ? await unproven.findLeading(event, named, find) : undefined;
    if (leading === null) {
      resolution.refused.push(position);
      continue;
    }
    const ordered = leading?.identities ?? named;
    const known = leading?.customerId
      ? (findCustomer(event, named, bindings) ?? {
          customer: createCustomer(leading.customerId),
          origin: null,
        })
      : findCustomer(event, ordered, bindings);
    const bound = known ?? { customer: createCustomer(), origin: null };
    const { customer, origin } = bound;
    const { customerId } = customer;
    const { ids: judged, claims } = leading
      ? unproven.judge(named, customerId, leading, find)
      : { ids: null, claims: [] };
    resolution.claims.push(...claims.map((claim) => ({ ...claim, position })));
    customer.userId ??= event.userId ?? null;
    if (known && ordered.some((identity) => !bindings.has(toKey(identity))))
      resolution.extended.push({ customerId, position });
    for (const identity of ordered) {
      if (bindings.has(toKey(identity))) continue;
      bindings.set(toKey(identity), bound);
      if (!leading) unproven.noteBound(customerId, identity);
      resolution.unbound.push({ ...identity, customerId, origin });
    }
    const owner = findDeviceOwner(event, bindings, customer);
    if (event.type === 'identify' && event.userId !== undefined && owner && owner.userId !== null)
      resolution.shares.push(position);
    const merges = discoverMerges(event, ordered, bindings, customer);
    const allowed = judged
      ? merges.filter(({ firstId, secondId }) => unproven.mayJoin(firstId, secondId))
      : merges;
    resolution.discovered.push(...allowed);
    if (judged && allowed.length < merges.length)
      judged.joins = event.type === 'alias' ? 'previousId' : 'anonymousId';
    const { accountId, personKey } = customer;
    const deviceOwner = owner?.customerId ?? null;
    resolution.resolved.push({
      customerId,
      origin,
      accountId,
      personKey,
      deviceOwner,
      ...(judged ? { unproven: judged } : {}),
    });
  }
  return resolution;
}

/**
 * Binds the new identities of a batch to their customers.
 *
 * @throws IdentityRace when another transaction has bound one of them meanwhile
 */
export async function bindNewIdentities(tx: Tx, unbound: BoundIdentity[]): Promise<void> {
  if (unbound.length > 0 && (await bindIdentities(tx, unbound)).length < unbound.length)
    throw new IdentityRace();
}

function createCustomer(customerId = mintCustomerId()): BatchCustomer {
  return { customerId, userId: null, accountId: null, personKey: null };
}

/** The user ids of bound customers matter only where an event names a weaker identity beside its user id. */
function needsUserIds(event: IncomingEvent): boolean {
  return (
    event.userId !== undefined &&
    (event.anonymousId !== undefined ||
      event.email !== undefined ||
      event.phone !== undefined ||
      event.previousId !== undefined ||
      event.externalIds !== undefined)
  );
}

async function readBindings(
  tx: Tx,
  identities: Identity[],
  details: IdentityDetails,
): Promise<Map<string, BoundTo>> {
  const customers = new Map<string, BatchCustomer>();
  const bindings = new Map<string, BoundTo>();
  for (const row of await findIdentities(tx, identities, details)) {
    const { customerId, userId, accountId, personKey, origin } = row;
    const customer = customers.get(customerId) ?? { customerId, userId, accountId, personKey };
    customers.set(customerId, customer);
    bindings.set(toKey(row), { customer, origin });
  }
  return bindings;
}

/** Finds the customer by the strongest bound identity. A weaker one counts only if it isn't another user's. */
function findCustomer(
  event: IncomingEvent,
  identities: Identity[],
  bindings: Map<string, BoundTo>,
): BoundTo | undefined {
  for (const identity of identities) {
    const bound = bindings.get(toKey(identity));
    if (!bound) continue;
    const { userId } = bound.customer;
    const isAnotherUser = event.userId !== undefined && userId !== null && userId !== event.userId;
    if (identity.type === 'user' || !isAnotherUser) return bound;
  }
  return undefined;
}

/**
 * Reports which other customers are the event's customer: each one that another of its ids is bound to. Only an alias,
 * or an `identify` with a user id and an anonymous id, proves that. An address never does, because people share
 * addresses. Two customers with a user id each are never merged here.
 */
function discoverMerges(
  event: IncomingEvent,
  identities: Identity[],
  bindings: Map<string, BoundTo>,
  customer: BatchCustomer,
): DiscoveredMerge[] {
  const { workspace, type: reason } = event;
  if (reason !== 'identify' && reason !== 'alias') return [];
  const others = new Set<string>();
  for (const identity of identities) {
    if (identity.type === 'email' || identity.type === 'phone' || identity.type === 'external') continue;
    const other = bindings.get(toKey(identity))?.customer;
    if (!other || other.customerId === customer.customerId) continue;
    if (other.userId === null || customer.userId === null) others.add(other.customerId);
  }
  return [...others].map((other) => {
    const [firstId, secondId] = [customer.customerId, other].sort() as [string, string];
    return { workspace, firstId, secondId, reason };
  });
}

/** The customer whom the event's device is bound to, if it is another than the event's own. */
function findDeviceOwner(
  { workspace, anonymousId }: IncomingEvent,
  bindings: Map<string, BoundTo>,
  customer: BatchCustomer,
): BatchCustomer | undefined {
  if (anonymousId === undefined) return undefined;
  const owner = bindings.get(toKey({ workspace, type: 'anon', value: anonymousId }))?.customer;
  return owner === undefined || owner.customerId === customer.customerId ? undefined : owner;
}

/** A hash of an identity of fixed size, for rows that must be found by it and reveal nothing. */
export function hashIdentity({
  workspace,
  type,
  value,
}: Omit<Identity, 'type'> & { type: Identity['type'] | 'customer' }): string {
  return hash('sha256', toKey({ workspace, type, value }), 'base64url').slice(0, 22);
}

/** Lists the identities that an event names, strongest first. */
export function listIdentities(event: IncomingEvent): Identity[] {
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

function toKey({ workspace, type, value }: Omit<Identity, 'type'> & { type: string }): string {
  return `${workspace}\u0001${type}\u0001${value}`;
}
