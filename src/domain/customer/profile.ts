import type { AttributeDef } from '../definition.ts';
import { EVENT, isAccountEcho, type JourneyEvent, toText } from '../event.ts';
import { readTime } from '../time/read-time.ts';
import type { Instant } from '../time/time.ts';
import { readZoneName } from '../time/zone-name.ts';
import { getOwn } from '../values/get-own.ts';
import { readLocale } from '../values/locale.ts';
import { isPlaceholder } from '../values/placeholder.ts';
import { type Commerce, emptyCommerce } from './commerce.ts';
import type { Consent } from './consent.ts';
import { type ConsentMemory, emptyConsentMemory, recallConsents } from './consent-memory.ts';
import { type Counts, countEvent } from './counts.ts';
import { normaliseEmailAddress } from './email-address.ts';
import { foldCommerce } from './fold-commerce.ts';
import { foldEventTraits, foldTraits } from './fold-traits.ts';
import { COMMERCE_EVENTS, limitCommerce } from './limit-commerce.ts';
import type { Dropped, Room } from './room.ts';
import { foldTouch, readTouch, type Touch } from './touch.ts';
import type { Trait } from './trait.ts';

export type { Trait } from './trait.ts';

/** The golden record of one customer. Acceptance folds each event of the log into it. */
export interface Profile extends Commerce {
  /** Each with the time, event and source it comes from. The last writer by (at, seq) wins. */
  traits: Record<string, Trait>;
  /** What devices and sources said about consent, so that repetitions count as nothing. */
  statements: ConsentMemory;
  /** How often each event happened, and when first and last. */
  counts: Counts;
  /** Marketing is snoozed until then: all of it (`topics: null`), or these topics. The latest request wins. */
  snoozed: { until: Instant; topics: string[] | null; at: Instant } | null;
  /** Personalisation level, 0…3, if the customer has chosen one. */
  personalisation: { level: number; at: Instant } | null;
  /**
   * The newest actions of the customer and messages to them, oldest first. Scores and send times are computed from
   * it.
   */
  touches: Touch[];
  /** How many traits and counters went because there was no room for all, and when the last one. Missing: none. */
  dropped?: { traits: number; counts: number; at: Instant };
}

const KEPT_TOPICS = 50;

export function emptyProfile(): Profile {
  return {
    traits: {},
    statements: emptyConsentMemory(),
    counts: {},
    snoozed: null,
    personalisation: null,
    touches: [],
    ...emptyCommerce(),
  };
}

type Folded = Pick<
  JourneyEvent,
  | 'type'
  | 'name'
  | 'at'
  | 'seq'
  | 'properties'
  | 'traits'
  | 'context'
  | 'source'
  | 'anonymousId'
  | 'repeats'
  | 'unproven'
> & {
  /** What the event's device has said about consent as another customer. */
  saidElsewhere?: ConsentMemory;
};

/** What folding an event returns besides the profile. */
export interface FoldResult {
  /** The event's consents that are news. */
  consents: Consent[];
  /** What went because there was no room for all. */
  dropped: Dropped[];
}

const NOTHING: FoldResult = { consents: [], dropped: [] };

/**
 * Folds one event into a profile. It changes the profile in place, since acceptance folds thousands of events a second.
 * Events of other members of the account change nothing. Of an event that repeats a known fact, only the traits and
 * the consent count.
 * @param currency the workspace's, for events that name none
 * @param attributes what the workspace declares about traits
 * @param room what the definitions read, which always has room
 */
export function foldProfile(
  profile: Profile,
  event: Folded,
  currency: string,
  attributes: Record<string, AttributeDef> = {},
  room?: Room,
): FoldResult {
  if (isAccountEcho(event)) return NOTHING;
  const consents = recallConsents(profile.statements, event);
  const counts = event.repeats ? [] : countEvent(profile.counts, event, room);
  const traits = foldEventTraits(profile.traits, event, attributes, room?.traits);
  const touch = event.repeats ? null : readTouch(event);
  if (touch) foldTouch(profile.touches, touch);
  let orders: string[] = [];
  if (event.type === 'track' && !event.repeats) {
    orders = foldCommerce(profile, event, currency);
    if (COMMERCE_EVENTS.has(event.name)) orders = [...orders, ...limitCommerce(profile)];
    foldRequests(profile, event);
  }
  if (counts.length + traits.length === 0) return { consents, dropped: toDropped('orders', orders) };
  profile.dropped = addDropped(profile.dropped, traits.length, counts.length, event.at);
  return {
    consents,
    dropped: [...toDropped('traits', traits), ...toDropped('counts', counts), ...toDropped('orders', orders)],
  };
}

function toDropped(kind: Dropped['kind'], names: string[]): Dropped[] {
  return names.map((name) => ({ kind, name }));
}

/** Adds to what went for lack of room. */
export function addDropped(
  before: Profile['dropped'],
  traits: number,
  counts: number,
  at: Instant,
): NonNullable<Profile['dropped']> {
  return {
    traits: (before?.traits ?? 0) + traits,
    counts: (before?.counts ?? 0) + counts,
    at: Math.max(before?.at ?? at, at),
  };
}

/**
 * Folds a group call into the account's traits; other events change nothing. Returns new traits, and the names of those
 * that went because there was no room for all.
 * @param member whose call it is
 */
export function foldAccountTraits(
  traits: Record<string, Trait>,
  event: Folded,
  member: string,
  attributes: Record<string, AttributeDef> = {},
  room?: Room,
): { traits: Record<string, Trait>; dropped: string[] } {
  if (event.type !== 'group' || isAccountEcho(event)) return { traits, dropped: [] };
  const folded = { ...traits };
  const dropped = foldTraits(folded, event.traits, event, attributes, room?.account);
  for (const [name, trait] of Object.entries(folded)) {
    const before = getOwn(traits, name);
    if (trait === before) continue;
    const isKnown = before !== undefined && before.by !== member && isSameValue(before.value, trait.value);
    if (!isKnown) folded[name] = { ...trait, by: member };
  }
  return { traits: folded, dropped };
}

function isSameValue(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}

/** The account that an event assigns its customer to: that of a group call, or `context.groupId` of any other call. */
export function readAccountId(event: Folded): string | undefined {
  if (isAccountEcho(event)) return undefined;
  const called = event.type === 'group' ? readAccount(event.properties.groupId) : undefined;
  return called ?? readAccount(event.context.groupId);
}

/** An account's id; undefined for one that stands for none, such as `null`. */
function readAccount(value: unknown): string | undefined {
  const id = toText(value);
  return id === undefined || isPlaceholder(id) ? undefined : id;
}

/** Folds snoozes and the personalisation level. The latest by time wins, in whatever order they arrive. */
function foldRequests(profile: Profile, { name, properties, at }: Folded): void {
  if (name === EVENT.snoozed && (profile.snoozed?.at ?? at) <= at) {
    // `until: null` ends the snooze. It is kept, so that an older request that arrives late changes nothing.
    const until = properties.until === null ? at : readTime(properties.until);
    if (until !== undefined) profile.snoozed = { until, topics: topicsOf(properties.topics), at };
  }
  if (name === EVENT.preferencesChanged && (profile.personalisation?.at ?? at) <= at) {
    const level = properties.personalisation;
    if (level === 0 || level === 1 || level === 2 || level === 3) profile.personalisation = { level, at };
  }
}

/** Null: all of them. */
function topicsOf(topics: unknown): string[] | null {
  const named = Array.isArray(topics) ? topics.filter((topic) => typeof topic === 'string') : [];
  return named.length > 0 ? named.slice(0, KEPT_TOPICS) : null;
}

/** The value of a trait; undefined if it is not set. */
export function readTrait(profile: Pick<Profile, 'traits'>, key: string): unknown {
  return getOwn(profile.traits, key)?.value;
}

/** The customer's language as a tag such as `de-AT`; undefined if none is known. */
export function readCustomerLocale(profile: Pick<Profile, 'traits'>): string | undefined {
  return readLocale(readTrait(profile, 'locale'));
}

/** The customer's time zone; undefined if none is known. */
export function readCustomerZone(profile: Pick<Profile, 'traits'>): string | undefined {
  return readZoneName(readTrait(profile, 'timezone'));
}

/** The customer's e-mail address; undefined if the trait is missing or has not the form of one. */
export function readEmail(profile: Pick<Profile, 'traits'>): string | undefined {
  return normaliseEmailAddress(readTrait(profile, 'email'));
}
