import { defineMessages } from '../i18n/messages.ts';

export const messages = defineMessages({
  en: { zone: ({ time, zone }: { time: string; zone: string }) => `${time} (${zone})` },
  id: { zone: ({ time, zone }) => `${time} (${zone})` },
});
