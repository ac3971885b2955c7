import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  en: { title: 'Customer', notYet: 'This page is not built yet.' },
  id: { title: 'Pelanggan', notYet: 'Halaman ini belum dibuat.' },
});
