import { defineMessages } from '../i18n/messages.ts';

export const messages = defineMessages({
  en: {
    label: ({ journey }: { journey: string }) => `The journey ${journey}, and where the customer is`,
    show: 'Show it on the graph',
    gone: 'This journey is not part of the active definitions any more.',
    enter: 'Enters by',
    goal: 'Goal',
    leave: 'Leaves at any step',
    end: 'Left',
    human: 'by a person',
  },
  id: {
    label: ({ journey }) => `Perjalanan ${journey}, dan posisi pelanggan`,
    show: 'Tampilkan pada grafik',
    gone: 'Perjalanan ini bukan lagi bagian dari definisi yang aktif.',
    enter: 'Masuk lewat',
    goal: 'Tujuan',
    leave: 'Keluar dari langkah mana pun',
    end: 'Sudah keluar',
    human: 'oleh manusia',
  },
});
