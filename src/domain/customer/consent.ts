import { EVENT, type JourneyEvent, toText } from '../event.ts';
import type { Instant } from '../time/time.ts';

export const CONSENT_STATUSES = ['granted', 'withdrawn'] as const;

/** One statement of consent. Append-only; what holds is the latest that fits. `*` stands for every channel or topic. */
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
 * The statements of consent in an event: a `Consent Changed`, or Segment's consent object
 * (`context.consent.categoryPreferences`, purposes with true or false) on any call.
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

/** What an event's consent object says of each purpose; a `Consent Changed` has none. */
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

/** Orders statements: by when they were made, then by the log. */
export function compareConsents(a: Consent, b: Consent): number {
  return a.at - b.at || a.seq - b.seq;
}

/** Source of what customers say on their own page, where they see what holds and name what they mean. */
export const PREFERENCE_PAGE_SOURCE = 'preference_page';

/**
 * What holds for a purpose, channel and topic: unknown if nobody ever said. A withdrawal that covers the question
 * holds until a later grant that covers at least as much; so "no e-mail at all" isn't undone by a form's "yes to tips".
 * On their own page customers grant exactly what they name, whatever was withdrawn before.
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
  const standing = withdrawn.find(
    (w) =>
      !covering.some(
        (g) =>
          g.status === 'granted' &&
          compareConsents(g, w) > 0 &&
          (g.source === PREFERENCE_PAGE_SOURCE || (covers(g.channel, w.channel) && covers(g.topic, w.topic))),
      ),
  );
  return standing ?? covering.filter((c) => c.status === 'granted').at(-1) ?? covering.at(-1);
}

/** `*` covers everything; a named scope covers itself. A named scope doesn't cover `*`. */
function covers(scope: string, asked: string): boolean {
  return scope === '*' || scope === asked;
}
