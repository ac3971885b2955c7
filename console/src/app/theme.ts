import { useSyncExternalStore } from 'react';
import { createStored } from '../i18n/stored.ts';

/** Light or dark, or as the system says. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const stored = createStored<Theme>('throughline.theme', {
  read: (text) => THEMES.find((theme) => theme === text),
  fallback: () => 'system',
  apply: (theme) => document.documentElement.setAttribute('data-theme', theme),
});

export const setTheme = stored.set;
/** The theme that the user has chosen. */
export const useTheme = (): Theme => useSyncExternalStore(stored.subscribe, stored.get);
