import { toWords } from '../format/to-words.ts';
import { defineMessages, useMessages } from '../i18n/messages.ts';

const messages = defineMessages({
  en: {
    // Orders and payments
    paid: 'Paid',
    refunded: 'Refunded',
    failed: 'Failed',
    cancelled: 'Cancelled',
    // Messages
    planned: 'Planned',
    held: 'Held',
    sending: 'Being sent',
    sent: 'Sent',
    unknown: 'Perhaps sent',
    delivered: 'Delivered',
    opened: 'Opened',
    clicked: 'Clicked',
    bounced: 'Bounced',
    bounced_permanently: 'Bounced for good',
    unsubscribed: 'Unsubscribed',
    complained: 'Reported as spam',
    // Tickets
    low: 'Low',
    normal: 'Normal',
    medium: 'Medium',
    high: 'High',
    urgent: 'Urgent',
    critical: 'Critical',
  },
  id: {
    paid: 'Dibayar',
    refunded: 'Dikembalikan',
    failed: 'Gagal',
    cancelled: 'Dibatalkan',
    planned: 'Direncanakan',
    held: 'Ditahan',
    sending: 'Sedang dikirim',
    sent: 'Terkirim',
    unknown: 'Mungkin terkirim',
    delivered: 'Sampai',
    opened: 'Dibuka',
    clicked: 'Diklik',
    bounced: 'Ditolak penerima',
    bounced_permanently: 'Ditolak selamanya',
    unsubscribed: 'Berhenti berlangganan',
    complained: 'Dilaporkan sebagai spam',
    low: 'Rendah',
    normal: 'Normal',
    medium: 'Sedang',
    high: 'Tinggi',
    urgent: 'Mendesak',
    critical: 'Kritis',
  },
});

/** Names a state of an order, a payment, a message or a ticket; one of a sender's own is written as words. */
export function useStateName(): (state: string) => string {
  const names: Record<string, string> = useMessages(messages);
  return (state) => (Object.hasOwn(names, state) ? (names[state] as string) : toWords(state));
}
