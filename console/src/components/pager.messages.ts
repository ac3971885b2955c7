import { defineMessages } from '../i18n/messages.ts';

export const messages = defineMessages({
  en: {
    all: ({ shown }: { shown: number }) => `${shown} shown, that is all`,
    more: 'Show more',
    shown: ({ shown }: { shown: number }) => `${shown} shown, there are more`,
  },
  id: {
    all: ({ shown }) => `${shown} ditampilkan, itu semuanya`,
    more: 'Tampilkan lagi',
    shown: ({ shown }) => `${shown} ditampilkan, masih ada lagi`,
  },
});
