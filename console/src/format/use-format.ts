import { useMemo } from 'react';
import { useLanguage } from '../i18n/language.ts';
import { createFormat, type Format } from './format.ts';

/** The zone of this browser. */
export const viewerZone: string = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Formats numbers, money and dates in the user's language. */
export function useFormat(): Format {
  const language = useLanguage();
  return useMemo(() => createFormat(language), [language]);
}
