import type { AttributeDef } from '../definition.ts';
import { EVENT, isAccountEcho, type JourneyEvent, toText } from '../event.ts';
import type { Instant } from '../time/time.ts';
import { getOwn } from '../values/get-own.ts';
import { type Commerce, emptyCommerce, foldCommerce } from './commerce.ts';
import { type Consent, readConsentPreferences } from './consent.ts';
import { normaliseEmailAddress } from './email-address.ts';
import { foldTouch, readTouch, type Touch } from './touch.ts';

/** The golden record of one customer, folded from the log at acceptance. */
export interface Profile extends Commerce {
  /** Value, when it was said, by which event of the log: the last writer by (at, seq) wins. */
  traits: Record<string, Trait>;
  /** What the last consent object said of each purpose. Libraries send it with every call; only a change is a statement. */
  preferences: Record<string, { granted: boolean; at: Instant }>;
  /** How often each event happened, and when first and last. */
  counts: Record<string, { n: number; first: Instant; last: Instant }>;
  /** Marketing is silent until then: all of it, or of these topics. What the customer said last holds. */
  snoozed: { until: Instant; topics: string[] | null; at: Instant } | null;
  /** How personal it may get, 0…3, if the customer has said so. */
  personalisation: { level: number; at: Instant } | null;
  /** What they did, and what was sent to them: the newest, oldest first. Scores and send times are made of it. */
  touches: Touch[];
}

export interface Trait {
  value: unknown;
  at: Instant;
  seq: number;
  source: string;
}

/** A sender with a new event name per event must not grow a profile without bound. */
export const KEPT_COUNTS = 200;
export const KEPT_TRAITS = 200;
export const KEPT_PREFERENCES = 50;
const KEPT_TOPICS = 50;

export function emptyProfile(): Profile {
  return {
    traits: {},
    preferences: {},
    counts: {},
    snoozed: null,
    personalisation: null,
    touches: [],
    ...emptyCommerce(),
  };
}

type Folded = Pick<
  JourneyEvent,
  'type' | 'name' | 'at' | 'seq' | 'properties' | 'traits' | 'context' | 'source'
>;

/**
 * Folds one event into a profile, in place, for speed: acceptance folds thousands a second. `currency` is the
 * workspace's, `attributes` what it declares about traits. What happened to another contact of the account, told to
 * this one, folds nothing.
 */
export function foldProfile(
  profile: Profile,
  event: Folded,
  currency: string,
  attributes: Record<string, AttributeDef> = {},
): void {
  if (isAccountEcho(event)) return;
  count(profile, event);
  foldSaid(profile.traits, saidOf(event), event, attributes);
  foldPreferences(profile, event);
  const touch = readTouch(event);
  if (touch) foldTouch(profile.touches, touch);
  if (event.type !== 'track') return;
  foldCommerce(profile, event, currency);
  foldWishes(profile, event);
}

/** Folds what a group call says of the account; other events say nothing of it. Returns the account's traits, the given ones unchanged. */
export function foldAccountTraits(
  traits: Record<string, Trait>,
  event: Folded,
  attributes: Record<string, AttributeDef> = {},
): Record<string, Trait> {
  if (event.type !== 'group' || isAccountEcho(event)) return traits;
  const folded = { ...traits };
  foldSaid(folded, event.traits, event, attributes);
  return folded;
}

/** The account that an event says its customer belongs to: a group call's, else that of its context. */
export function readAccountId(event: Folded): string | undefined {
  if (isAccountEcho(event)) return undefined;
  const called = event.type === 'group' ? toText(event.properties.groupId) : undefined;
  return called ?? toText(event.context.groupId);
}

function count(profile: Profile, { name, at }: Folded): void {
  const seen = getOwn(profile.counts, name);
  if (seen) {
    seen.n++;
    seen.first = Math.min(seen.first, at);
    seen.last = Math.max(seen.last, at);
  } else if (name !== '__proto__' && Object.keys(profile.counts).length < KEPT_COUNTS) {
    profile.counts[name] = { n: 1, first: at, last: at };
  }
}

/** What customers say about how they want to be spoken to. The last word holds, whenever it arrives. */
function foldWishes(profile: Profile, { name, properties, at }: Folded): void {
  if (name === EVENT.snoozed && (profile.snoozed?.at ?? at) <= at) {
    // `until: null` wakes up: over at that moment, and kept, so that an older wish which comes late changes nothing.
    const until = properties.until === null ? at : Date.parse(toText(properties.until) ?? '');
    if (Number.isFinite(until)) profile.snoozed = { until, topics: topicsOf(properties.topics), at };
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

function foldPreferences(profile: Profile, event: Folded): void {
  for (const [purpose, granted] of readConsentPreferences(event)) {
    const known = getOwn(profile.preferences, purpose);
    if (purpose === '__proto__' || (known && known.at > event.at)) continue;
    if (known || Object.keys(profile.preferences).length < KEPT_PREFERENCES) {
      profile.preferences[purpose] = { granted, at: event.at };
    }
  }
}

/** Whether a statement of consent is news: one of an object that says what it said before isn't. */
export function isConsentChange(profile: Profile, said: Consent, event: Folded): boolean {
  if (event.name === EVENT.consentChanged) return true;
  return getOwn(profile.preferences, said.purpose)?.granted !== (said.status === 'granted');
}

/** `identify` says traits; any other call may carry some in `context.traits`, as Segment's libraries send them. */
function saidOf(event: Folded): Record<string, unknown> {
  const carried = event.context.traits;
  const traits =
    event.type === 'identify'
      ? event.traits
      : typeof carried === 'object' && carried !== null
        ? (carried as Record<string, unknown>)
        : undefined;
  const said: Record<string, unknown> = { ...traits };
  for (const key of ['timezone', 'locale']) {
    if (said[key] === undefined && typeof event.context[key] === 'string') said[key] = event.context[key];
  }
  return said;
}

/** Last writer by (at, seq) wins; where a source is declared, only its word counts (C-1). */
function foldSaid(
  traits: Record<string, Trait>,
  said: Record<string, unknown>,
  { at, seq, source }: Folded,
  attributes: Record<string, AttributeDef>,
): void {
  for (const [key, value] of Object.entries(said)) {
    if (key === '__proto__') continue;
    const declared = getOwn(attributes, key)?.source ?? null;
    if (declared !== null && declared !== source) continue;
    const known = getOwn(traits, key);
    const stands = known && (declared === null || known.source === declared);
    if (stands && (known.at > at || (known.at === at && known.seq > seq))) continue;
    if (!known && Object.keys(traits).length >= KEPT_TRAITS) continue;
    traits[key] = { value, at, seq, source };
  }
}

/** The plain value of a trait. */
export function readTrait(profile: Profile, key: string): unknown {
  return getOwn(profile.traits, key)?.value;
}

/** The address e-mail goes to, if it could be one. */
export function readEmail(profile: Profile): string | undefined {
  return normaliseEmailAddress(readTrait(profile, 'email'));
}
