import { defineMessages } from '../i18n/messages.ts';

export const messages = defineMessages({
  en: { connecting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting' },
  id: { connecting: 'Menghubungkan', live: 'Langsung', reconnecting: 'Menghubungkan ulang' },
});
