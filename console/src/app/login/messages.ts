import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  en: {
    disabled: 'This user is disabled.',
    ended: 'Your session has ended. Log in to go on where you were: what you have typed is still there.',
    lead: 'See where customers are, and why.',
    logIn: 'Log in',
    login: 'Login',
    noRole: 'This user has no role in any workspace.',
    noUser: 'No user yet? An operator makes one with “throughline users create”.',
    oneClick: 'Continue without a password',
    oneClickNote: 'This machine runs Throughline for development: you are its operator.',
    password: 'Password',
    title: 'Log in',
    tooMany: ({ seconds }: { seconds: number }) => `Too many attempts. Try again in ${seconds}\u00a0s.`,
    unreachable: 'The service does not answer. Try again.',
    wrongLogin: 'Login or password is wrong.',
  },
  id: {
    disabled: 'Pengguna ini dinonaktifkan.',
    ended: 'Sesi Anda telah berakhir. Masuk untuk melanjutkan: yang sudah Anda ketik masih tersimpan.',
    lead: 'Lihat posisi pelanggan, dan alasannya.',
    logIn: 'Masuk',
    login: 'Nama pengguna',
    noRole: 'Pengguna ini tidak memiliki peran di ruang kerja mana pun.',
    noUser: 'Belum punya akun? Operator dapat membuatnya dengan “throughline users create”.',
    oneClick: 'Lanjutkan tanpa kata sandi',
    oneClickNote: 'Throughline di komputer ini berjalan untuk pengembangan: Anda adalah operatornya.',
    password: 'Kata sandi',
    title: 'Masuk',
    tooMany: ({ seconds }: { seconds: number }) =>
      `Terlalu banyak percobaan. Coba lagi dalam ${seconds} detik.`,
    unreachable: 'Layanan tidak merespons. Coba lagi.',
    wrongLogin: 'Nama pengguna atau kata sandi salah.',
  },
});
