import { defineMessages } from '../i18n/messages.ts';

export const messages = defineMessages({
  en: {
    crashed: 'This page failed',
    crashedText: 'This is a fault of the console, not yours. The other pages still work.',
    loading: 'Loading',
    newVersion: 'The console was updated',
    newVersionText: 'Load the page again to go on with the new version.',
    noSuchPage: 'No such page',
    noSuchPageText: 'This address leads nowhere. It may be mistyped, or an old link.',
    reload: 'Load again',
    retry: 'Try again',
    toStart: 'To the start page',
  },
  id: {
    crashed: 'Halaman ini gagal dimuat',
    crashedText: 'Ini kesalahan konsol, bukan kesalahan Anda. Halaman lain tetap berfungsi.',
    loading: 'Memuat',
    newVersion: 'Konsol telah diperbarui',
    newVersionText: 'Muat ulang halaman untuk melanjutkan dengan versi baru.',
    noSuchPage: 'Halaman tidak ditemukan',
    noSuchPageText: 'Alamat ini tidak mengarah ke mana pun. Mungkin salah ketik, atau tautannya sudah lama.',
    reload: 'Muat ulang',
    retry: 'Coba lagi',
    toStart: 'Ke halaman awal',
  },
});
