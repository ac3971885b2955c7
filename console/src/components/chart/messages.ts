import { defineMessages } from '../../i18n/messages.ts';

export const messages = defineMessages({
  en: { asChart: 'Show as chart', asTable: 'Show as table', empty: 'Nothing to show in this period' },
  id: { asChart: 'Tampilkan grafik', asTable: 'Tampilkan tabel', empty: 'Tidak ada data dalam periode ini' },
});
