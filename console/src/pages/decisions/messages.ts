import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  en: { title: 'Decisions', decision: 'Decision', action: 'Action', notYet: 'This page is not built yet.' },
  id: { title: 'Keputusan', decision: 'Keputusan', action: 'Tindakan', notYet: 'Halaman ini belum dibuat.' },
});
