import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  en: { title: 'Operations', notYet: 'This page is not built yet.' },
  id: { title: 'Operasi', notYet: 'Halaman ini belum dibuat.' },
});
