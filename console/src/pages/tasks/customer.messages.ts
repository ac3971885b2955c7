import { defineMessages } from '../../i18n/messages.ts';

export const customerMessages = defineMessages({
  en: {
    title: 'Customer',
    email: 'E-mail',
    phone: 'Phone',
    language: 'Language',
    zone: 'Time zone',
  },
  id: {
    title: 'Pelanggan',
    email: 'Email',
    phone: 'Telepon',
    language: 'Bahasa',
    zone: 'Zona waktu',
  },
});
