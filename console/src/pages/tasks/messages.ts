import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  en: { title: 'Tasks', task: 'Task', notYet: 'This page is not built yet.' },
  id: { title: 'Tugas', task: 'Tugas', notYet: 'Halaman ini belum dibuat.' },
});
