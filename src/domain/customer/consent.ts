import { EVENT, type JourneyEvent, toText } from '../event.ts';
import type { Instant } from '../time/time.ts';
import {
  MAX_PURPOSES,
  readConsentChannel,
  readConsentName,
  readConsentSwitch,
  readConsentWord,
} from './consent-word.ts';

export const CONSENT_STATUSES = ['granted', 'withdrawn'] as const;

/** A consent, granted or withdrawn. Consents are append-only. `*` stands for every channel or topic. */
export interface Consent {
  purpose: string;
  channel: string;
  topic: string;
  status: (typeof CONSENT_STATUSES)[number];
  source: string;
  at: Instant;
  seq: number;
  /** The device or source that said it and may repeat it; none for statements that nobody repeats. */
  speaker?: string | null;
}

type ConsentEvent = Pick<JourneyEvent, 'name' | 'properties' | 'context' | 'at' | 'seq' | 'source'>;

/**
 * The consents in an event: those of `Consent Changed`, and Segment's consent object on any call
 * (`context.consent.categoryPreferences`, purposes with true or false). A word that is not known is no statement.
 */
export function readConsents(event: ConsentEvent): Consent[] {
  const stated = readStatedConsent(event);
  return stated ? [stated] : readPreferences(event);
}

/** The consent of a `Consent Changed`; undefined for any other event. */
export function readStatedConsent({ name, properties, at, seq, source }: ConsentEvent): Consent | undefined {
  if (name !== EVENT.consentChanged) return undefined;
  const purpose = readConsentName(properties.purpose);
  const status = readConsentWord(properties.status);
  if (purpose === undefined || status === undefined) return undefined;
  return {
    at,
    seq,
    purpose,
    channel: readConsentChannel(properties.channel) ?? '*',
    topic: readConsentName(properties.topic) ?? '*',
    status,
    source: nameSource(properties.source, source),
  };
}

/** The purposes in an event's consent object. */
export function readPreferences({ context, at, seq, source }: ConsentEvent): Consent[] {
  const preferences = (context.consent as { categoryPreferences?: unknown } | null | undefined)
    ?.categoryPreferences;
  if (typeof preferences !== 'object' || preferences === null) return [];
  const read = new Map<string, Consent['status']>();
  for (const [key, value] of Object.entries(preferences)) {
    const purpose = readConsentName(key);
    const status = readConsentSwitch(value);
    if (purpose === undefined || status === undefined) continue;
    // Of two spellings of one purpose, the one that withdraws.
    if (read.get(purpose) !== 'withdrawn') read.set(purpose, status);
  }
  const statements = [...read];
  if (statements.length > MAX_PURPOSES)
    statements.sort(([, a], [, b]) => Number(a === 'granted') - Number(b === 'granted'));
  return statements
    .slice(0, MAX_PURPOSES)
    .map(([purpose, status]) => ({ at, seq, purpose, channel: '*', topic: '*', status, source }));
}

/** Whether customers chose it on their own page, or support recorded it for them: no banner repeats itself there. */
export function isDirectSource(source: string): boolean {
  return source === PREFERENCE_PAGE_SOURCE || source === COMMAND_SOURCE;
}

/**
 * Whether customers said it themselves, in a message of their own, such as STOP: the same word again is no repetition by a
 * program. A device can't claim it.
 */
export function isOwnStatement({ name, properties, anonymousId }: StatedEvent): boolean {
  return name === EVENT.consentChanged && properties.stated_by === 'customer' && !anonymousId;
}

type StatedEvent = Pick<JourneyEvent, 'name' | 'properties' | 'anonymousId'>;

/** A sender may name the form that a consent comes from, but cannot speak for the customer's own page. */
function nameSource(named: unknown, source: string): string {
  const text = toText(named);
  return text === undefined || (isDirectSource(text) && !isDirectSource(source)) ? source : text;
}

export function serializeScope({
  purpose,
  channel,
  topic,
}: Pick<Consent, 'purpose' | 'channel' | 'topic'>): string {
  return JSON.stringify([purpose, channel, topic]);
}

/** Orders consents by time, then by the log. */
function compareConsents(a: Consent, b: Consent): number {
  return a.at - b.at || a.seq - b.seq;
}

/** Source of consents from the preference page, where customers see their consents and change them one by one. */
export const PREFERENCE_PAGE_SOURCE = 'preference_page';

/** Source of consents that a merge of two customers writes. */
export const MERGE_SOURCE = 'merge';

/** Purposes that stand for all of them. */
export const ALL_PURPOSES: readonly string[] = ['all', '*'];

/** Source of commands of the API. */
export const COMMAND_SOURCE = 'api';

/**
 * The consent that applies to a purpose, channel and topic; undefined if there is none. A withdrawal applies until a
 * later grant that covers at least as much, so that a form's "yes to tips" does not undo "no e-mail at all". A grant on
 * the preference page applies to exactly what it names, whatever was withdrawn before.
 */
export function resolveConsent(
  consents: Consent[],
  purpose: string,
  channel: string,
  topic: string,
): Consent | undefined {
  const covering = dropRepetitions(
    consents.filter(
      (c) => coversPurpose(c.purpose, purpose) && covers(c.channel, channel) && covers(c.topic, topic),
    ),
  );
  const withdrawn = covering.filter((c) => c.status === 'withdrawn');
  const inForce = withdrawn.find(
    (w) =>
      !covering.some(
        (g) =>
          g.status === 'granted' &&
          compareConsents(g, w) > 0 &&
          (g.source === PREFERENCE_PAGE_SOURCE || (covers(g.channel, w.channel) && covers(g.topic, w.topic))),
      ),
  );
  return inForce ?? covering.filter((c) => c.status === 'granted').at(-1) ?? covering.at(-1);
}

/**
 * The consents in order of time, without grants that only repeat what the same speaker said before. Acceptance passes
 * over repetitions, but an event that arrives late may turn a later statement into one. A withdrawal that became a
 * repetition is kept: what lay before it may not be known exactly, and it must not be lifted by mistake.
 */
export function dropRepetitions(consents: readonly Consent[]): Consent[] {
  const last = new Map<string, Consent['status']>();
  return [...consents].sort(compareConsents).filter((consent) => {
    if (!consent.speaker) return true;
    const key = `${consent.speaker} ${serializeScope(consent)}`;
    const isRepetition = consent.status === 'granted' && last.get(key) === 'granted';
    last.set(key, consent.status);
    return !isRepetition;
  });
}

/**
 * The withdrawals by which a customer takes back what was granted before, or says no to us directly: by a link, on the
 * preference page, or by the API. A banner's first "no" of a customer who has granted nothing takes nothing back, and a
 * merge only repeats what was said.
 */
export function listUnsubscribes(consents: readonly Consent[]): Consent[] {
  const sorted = dropRepetitions(consents);
  return sorted.filter((consent, place) => {
    if (consent.status !== 'withdrawn') return false;
    if (!consent.speaker) return consent.source !== MERGE_SOURCE;
    const before = sorted.slice(0, place);
    return before.some((grant) => isTakenBack(grant, consent, before));
  });
}

/** Whether a grant, in force until then, is within what is withdrawn. */
function isTakenBack(grant: Consent, { purpose, channel, topic }: Consent, before: Consent[]): boolean {
  if (grant.status !== 'granted') return false;
  if (grant.purpose !== purpose && !ALL_PURPOSES.includes(purpose)) return false;
  const [ofChannel, ofTopic] = [overlap(grant.channel, channel), overlap(grant.topic, topic)];
  if (ofChannel === undefined || ofTopic === undefined) return false;
  return resolveConsent(before, grant.purpose, ofChannel, ofTopic)?.status === 'granted';
}

/** Whether two consents say something about the same purpose, channel and topic. */
export function overlaps(a: Consent, b: Consent): boolean {
  return (
    (coversPurpose(a.purpose, b.purpose) || coversPurpose(b.purpose, a.purpose)) &&
    overlap(a.channel, b.channel) !== undefined &&
    overlap(a.topic, b.topic) !== undefined
  );
}

/** Whether all that a consent is about is also what the other one is about. */
export function isWithin(inner: Consent, outer: Consent): boolean {
  return (
    coversPurpose(outer.purpose, inner.purpose) &&
    covers(outer.channel, inner.channel) &&
    covers(outer.topic, inner.topic)
  );
}

/** What two scopes have in common; undefined for nothing. */
function overlap(a: string, b: string): string | undefined {
  if (a === '*') return b;
  return b === '*' || a === b ? a : undefined;
}

/** A no to everything is a no to this purpose, and a yes to everything is a yes to it. */
function coversPurpose(said: string, requested: string): boolean {
  return said === requested || ALL_PURPOSES.includes(said);
}

/** `*` covers everything. A named scope covers only itself, and so not `*`. */
function covers(scope: string, requested: string): boolean {
  return scope === '*' || scope === requested;
}
