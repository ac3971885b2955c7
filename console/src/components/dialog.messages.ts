import { defineMessages } from '../i18n/messages.ts';

export const messages = defineMessages({
  en: {
    cancel: 'Cancel',
    close: 'Close',
    reason: 'Reason',
    reasonHint: 'It is kept in the log with your name.',
    typeToConfirm: ({ word }: { word: string }) => `Type “${word}” to confirm`,
  },
  id: {
    cancel: 'Batal',
    close: 'Tutup',
    reason: 'Alasan',
    reasonHint: 'Alasan ini disimpan di log bersama nama Anda.',
    typeToConfirm: ({ word }) => `Ketik “${word}” untuk mengonfirmasi`,
  },
});
