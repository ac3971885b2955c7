import { EVENT, type JourneyEvent, toText } from '../event.ts';
import type { Instant } from '../time/time.ts';
import { readConsentChannel, readConsentName, readConsentSwitch, readConsentWord } from './consent-word.ts';

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
}

/**
 * The consents in an event: `Consent Changed`, or Segment's consent object on any call
 * (`context.consent.categoryPreferences`, purposes with true or false). A word that is not known is no statement.
 */
export function readConsents(
  event: Pick<JourneyEvent, 'name' | 'properties' | 'context' | 'at' | 'seq' | 'source'>,
): Consent[] {
  const base = { at: event.at, seq: event.seq };
  if (event.name === EVENT.consentChanged) {
    const p = event.properties;
    const purpose = readConsentName(p.purpose);
    const status = readConsentWord(p.status);
    if (purpose === undefined || status === undefined) return [];
    return [
      {
        ...base,
        purpose,
        channel: readConsentChannel(p.channel) ?? '*',
        topic: readConsentName(p.topic) ?? '*',
        status,
        source: toText(p.source) ?? event.source,
      },
    ];
  }
  return readConsentPreferences(event).map(([purpose, granted]) => ({
    ...base,
    purpose,
    channel: '*',
    topic: '*',
    status: granted ? 'granted' : 'withdrawn',
    source: event.source,
  }));
}

/** The purposes in an event's consent object. Empty for `Consent Changed`, which carries its consent in properties. */
export function readConsentPreferences(
  event: Pick<JourneyEvent, 'name' | 'context'>,
): [purpose: string, granted: boolean][] {
  if (event.name === EVENT.consentChanged) return [];
  const preferences = (event.context.consent as { categoryPreferences?: unknown } | undefined)
    ?.categoryPreferences;
  if (typeof preferences !== 'object' || preferences === null) return [];
  const read = new Map<string, boolean>();
  for (const [key, value] of Object.entries(preferences)) {
    const purpose = readConsentName(key);
    const status = readConsentSwitch(value);
    if (purpose === undefined || status === undefined) continue;
    // Of two spellings of one purpose, the one that withdraws.
    read.set(purpose, status === 'granted' && (read.get(purpose) ?? true));
  }
  return [...read];
}

/** Orders consents by time, then by the log. */
export function compareConsents(a: Consent, b: Consent): number {
  return a.at - b.at || a.seq - b.seq;
}

/** Source of consents from the preference page, where customers see their consents and change them one by one. */
export const PREFERENCE_PAGE_SOURCE = 'preference_page';

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
  const covering = consents
    .filter((c) => c.purpose === purpose && covers(c.channel, channel) && covers(c.topic, topic))
    .sort(compareConsents);
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

/** `*` covers everything. A named scope covers only itself, and so not `*`. */
function covers(scope: string, requested: string): boolean {
  return scope === '*' || scope === requested;
}
