import { defineMessages } from '../i18n/messages.ts';

export const messages = defineMessages({
  en: {
    forbidden: 'Your role does not allow this',
    gone: 'This customer was erased',
    goneText: 'Their data was deleted for good. Only the fact that it was deleted is kept.',
    notFound: 'There is nothing here',
    requestId: ({ id }: { id: string }) => `Request ${id}`,
    retry: 'Try again',
    tooMany: 'Too many requests',
    tooManyText: 'Wait a moment, then try again.',
    unreachable: 'The service does not answer',
    unreachableText: 'It will be asked again by itself.',
  },
  id: {
    forbidden: 'Peran Anda tidak mengizinkan ini',
    gone: 'Pelanggan ini telah dihapus',
    goneText: 'Datanya sudah dihapus secara permanen. Hanya catatan bahwa data itu dihapus yang disimpan.',
    notFound: 'Tidak ada apa-apa di sini',
    requestId: ({ id }) => `Permintaan ${id}`,
    retry: 'Coba lagi',
    tooMany: 'Terlalu banyak permintaan',
    tooManyText: 'Tunggu sebentar, lalu coba lagi.',
    unreachable: 'Layanan tidak merespons',
    unreachableText: 'Permintaan akan dicoba lagi secara otomatis.',
  },
});
