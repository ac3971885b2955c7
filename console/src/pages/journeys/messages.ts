import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  en: { title: 'Journeys', journey: 'Journey', edit: 'Edit', notYet: 'This page is not built yet.' },
  id: { title: 'Perjalanan', journey: 'Perjalanan', edit: 'Sunting', notYet: 'Halaman ini belum dibuat.' },
});
