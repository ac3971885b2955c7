import { useMemo } from 'react';
import { createSentences, type Sentences } from '../../../src/sentences/create-sentences.ts';
import { english } from '../../../src/sentences/en/catalogue.ts';
import { useFormat, viewerZone } from '../format/use-format.ts';

/** Writes the service's sentences, with times in a zone; without one, in that of the viewer. */
export function useSentences(zone: string = viewerZone): Sentences {
  const { locale } = useFormat();
  return useMemo(() => createSentences(english, { locale, zone, now: Date.now() }), [locale, zone]);
}
