import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  en: { title: 'Start', notYet: 'This page is not built yet.' },
  id: { title: 'Mulai', notYet: 'Halaman ini belum dibuat.' },
});
