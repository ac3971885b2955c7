import { defineMessages } from '../i18n/messages.ts';

export const messages = defineMessages({
  en: {
    copied: 'Copied',
    copy: ({ what }: { what: string }) => `Copy ${what}`,
    failed: 'The browser did not allow it: select the text and copy it',
  },
  id: {
    copied: 'Tersalin',
    copy: ({ what }) => `Salin ${what}`,
    failed: 'Peramban tidak mengizinkannya: pilih teksnya lalu salin',
  },
});
