import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  en: {
    asChart: 'Show as chart',
    asTable: 'Show as table',
    empty: 'Nothing to show in this period',
    table: ({ title }: { title: string }) => `${title}, as a table`,
  },
  id: {
    asChart: 'Tampilkan grafik',
    asTable: 'Tampilkan tabel',
    empty: 'Tidak ada data dalam periode ini',
    table: ({ title }) => `${title}, sebagai tabel`,
  },
});
