import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  en: { title: 'Customers', customer: 'Customer', notYet: 'This page is not built yet.' },
  id: { title: 'Pelanggan', customer: 'Pelanggan', notYet: 'Halaman ini belum dibuat.' },
});
