import { createSentences } from '../../src/sentences/create-sentences.ts';
import type { TimelineItem } from '../../src/sentences/describe-item.ts';
import { english } from '../../src/sentences/en/catalogue.ts';
import { indonesian } from '../../src/sentences/id/catalogue.ts';

/** 15:23 in Berlin, a Sunday. */
export const NOW = Date.UTC(2026, 10, 29, 14, 23);

const IN_BERLIN = { zone: 'Europe/Berlin', now: NOW };

export const sentences = createSentences(english, { locale: 'en-GB', ...IN_BERLIN });
export const sentencesInIndonesian = createSentences(indonesian, { locale: 'id-ID', ...IN_BERLIN });

/** An item of a timeline, with nothing in it but what a test gives. */
export function item(changes: Partial<TimelineItem>): TimelineItem {
  return {
    kind: 'behaviour',
    title: 'Product Viewed',
    at: new Date(NOW).toISOString(),
    refs: {},
    effects: [],
    changes: [],
    data: {},
    notes: [],
    ...changes,
  };
}
