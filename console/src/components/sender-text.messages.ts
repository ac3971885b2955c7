import { defineMessages } from '../i18n/messages.ts';

export const messages = defineMessages({
  en: { all: 'Show all', less: 'Show less' },
  id: { all: 'Tampilkan semua', less: 'Tampilkan sebagian' },
});
