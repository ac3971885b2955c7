import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  en: {
    expired: 'Your session has ended. Log in to go on where you were.',
    logIn: 'Log in',
    login: 'Login',
    oneClick: 'Continue as the user of this machine',
    password: 'Password',
    title: 'Log in',
  },
  id: {
    expired: 'Sesi Anda telah berakhir. Masuk untuk melanjutkan dari halaman terakhir.',
    logIn: 'Masuk',
    login: 'Nama pengguna',
    oneClick: 'Lanjutkan sebagai pengguna di komputer ini',
    password: 'Kata sandi',
    title: 'Masuk',
  },
});
