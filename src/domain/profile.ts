import { type Commerce, emptyCommerce, foldCommerce } from './commerce.ts';
import { type Consent, preferencesSaid } from './consent.ts';
import { EVENT, type JourneyEvent } from './event.ts';
import { own } from './own.ts';
import type { Instant } from './time.ts';

/** The golden record of one customer, folded from the log at acceptance. */
export interface Profile extends Commerce {
  /** Value, when it was said, by which event of the log: the last writer by (at, seq) wins. */
  traits: Record<string, Trait>;
  /** What the last consent object said of each purpose. Libraries send it with every call; only a change is a statement. */
  preferences: Record<string, { granted: boolean; at: Instant }>;
  /** How often each event happened, and when first and last. */
  counts: Record<string, { n: number; first: Instant; last: Instant }>;
}

export interface Trait {
  value: unknown;
  at: Instant;
  seq: number;
  source: string;
}

/** A sender with a new event name per event must not grow a profile without bound. */
const KEPT_COUNTS = 200;
const KEPT_TRAITS = 200;
const KEPT_PREFERENCES = 50;

export function emptyProfile(): Profile {
  return { traits: {}, preferences: {}, counts: {}, ...emptyCommerce() };
}

type Folded = Pick<
  JourneyEvent,
  'type' | 'name' | 'at' | 'seq' | 'properties' | 'traits' | 'context' | 'source'
>;

/** Folds one event into a profile, in place, for speed: acceptance folds thousands a second. `currency` is the workspace's. */
export function foldProfile(profile: Profile, event: Folded, currency: string): void {
  count(profile, event);
  foldTraits(profile, event);
  foldPreferences(profile, event);
  if (event.type === 'track') foldCommerce(profile, event, currency);
}

function count(profile: Profile, { name, at }: Folded): void {
  const seen = own(profile.counts, name);
  if (seen) {
    seen.n++;
    seen.first = Math.min(seen.first, at);
    seen.last = Math.max(seen.last, at);
  } else if (name !== '__proto__' && Object.keys(profile.counts).length < KEPT_COUNTS) {
    profile.counts[name] = { n: 1, first: at, last: at };
  }
}

function foldPreferences(profile: Profile, event: Folded): void {
  for (const [purpose, granted] of preferencesSaid(event)) {
    const known = own(profile.preferences, purpose);
    if (purpose === '__proto__' || (known && known.at > event.at)) continue;
    if (known || Object.keys(profile.preferences).length < KEPT_PREFERENCES) {
      profile.preferences[purpose] = { granted, at: event.at };
    }
  }
}

/** Whether a statement of consent is news: one of an object that says what it said before isn't. */
export function isConsentNews(profile: Profile, said: Consent, event: Folded): boolean {
  if (event.name === EVENT.consentChanged) return true;
  return own(profile.preferences, said.purpose)?.granted !== (said.status === 'granted');
}

/** `identify` says traits; any other call may carry some in `context.traits`, as Segment's libraries send them. */
function foldTraits(profile: Profile, event: Folded): void {
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
  for (const [key, value] of Object.entries(said)) {
    if (key === '__proto__') continue;
    const known = own(profile.traits, key);
    if (known && (known.at > event.at || (known.at === event.at && known.seq > event.seq))) continue;
    if (!known && Object.keys(profile.traits).length >= KEPT_TRAITS) continue;
    profile.traits[key] = { value, at: event.at, seq: event.seq, source: event.source };
  }
}

/** The plain value of a trait. */
export function trait(profile: Profile, key: string): unknown {
  return own(profile.traits, key)?.value;
}

/** The address e-mail goes to, if it could be one. */
export function emailOf(profile: Profile): string | undefined {
  const email = trait(profile, 'email');
  return typeof email === 'string' && /^[^\s@<>"]+@[^\s@<>"]+$/.test(email)
    ? email.trim().toLowerCase()
    : undefined;
}
