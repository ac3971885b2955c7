import { useMemo } from 'react';
import { createSentences, type Sentences } from '../../../src/sentences/create-sentences.ts';
import { english } from '../../../src/sentences/en/catalogue.ts';
import { indonesian } from '../../../src/sentences/id/catalogue.ts';
import { useFormat, viewerZone } from '../format/use-format.ts';
import { useLanguage } from '../i18n/language.ts';
import type { Language } from '../i18n/languages.ts';
import { useNames } from '../names/use-names.ts';

const CATALOGUES = { en: english, id: indonesian } satisfies Record<Language, unknown>;

/** The words of the user's language. */
export const useCatalogue = () => CATALOGUES[useLanguage()];

/** Writes the service's sentences, with times in a zone; without one, in that of the viewer. */
export function useSentences(zone: string = viewerZone): Sentences {
  const { locale } = useFormat();
  const catalogue = useCatalogue();
  const names = useNames();
  return useMemo(
    () => createSentences(catalogue, { locale, zone, now: Date.now() }, names),
    [catalogue, locale, zone, names],
  );
}
