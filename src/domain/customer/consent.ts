import { EVENT, type JourneyEvent, toText } from '../event.ts';
import type { Instant } from '../time/time.ts';

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
 * (`context.consent.categoryPreferences`, purposes with true or false).
 */
export function readConsents(
  event: Pick<JourneyEvent, 'name' | 'properties' | 'context' | 'at' | 'seq' | 'source'>,
): Consent[] {
  const base = { at: event.at, seq: event.seq };
  if (event.name === EVENT.consentChanged) {
    const p = event.properties;
    const purpose = toText(p.purpose);
    if (purpose === undefined) return [];
    return [
      {
        ...base,
        purpose,
        channel: toText(p.channel) ?? '*',
        topic: toText(p.topic) ?? '*',
        status: p.status === 'granted' ? 'granted' : 'withdrawn',
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
  return Object.entries(preferences).filter(
    (entry): entry is [string, boolean] => typeof entry[1] === 'boolean',
  );
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
