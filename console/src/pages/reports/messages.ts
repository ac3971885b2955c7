import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  en: { title: 'Reports', notYet: 'This page is not built yet.' },
  id: { title: 'Laporan', notYet: 'Halaman ini belum dibuat.' },
});
