import { useSyncExternalStore } from 'react';
import { LANGUAGES, type Language } from './languages.ts';
import { createStored } from './stored.ts';

const isLanguage = (value: unknown): value is Language => LANGUAGES.includes(value as Language);

/** The language that the user has chosen; before that, the one of the browser. */
const stored = createStored<Language>('throughline.language', {
  read: (text) => (isLanguage(text) ? text : undefined),
  fallback: () => {
    const [first = ''] = navigator.languages;
    return first.toLowerCase().startsWith('id') ? 'id' : 'en';
  },
  apply: (language) => document.documentElement.setAttribute('lang', language),
});

export const setLanguage = stored.set;

/** The language, for components that show texts. */
export const useLanguage = (): Language => useSyncExternalStore(stored.subscribe, stored.get);
