import type { Catalogue } from '../message.ts';
import type { LiftMessages, VerdictMessages } from '../messages.ts';
import { after, byChannel } from './words.ts';

interface ConsentWords {
  purpose: string;
  topic: string | null;
  channel: string | null;
}

function consentTo({ purpose, topic, channel }: ConsentWords): string {
  const about = topic === null || topic === '*' ? '' : ` tentang ${topic}`;
  return `persetujuan untuk ${purpose}${about}${byChannel(channel)}`;
}

function fullWindow(used: number | null, max: number | null, window: string | null): string {
  const counted = used === null || max === null ? '' : `: ${used} dari ${max}`;
  return `${counted}${after(' dalam ', window)}`;
}

const condition = (layer: string) => (params: { condition: string | null }) =>
  `syaratnya \`${layer}\` tidak terpenuhi${after(': ', params.condition)}`;

export const verdicts: Catalogue<VerdictMessages> = {
  'blocked.consent_withdrawn': (params) => `${consentTo(params)} telah dicabut`,
  'blocked.consent_unknown': (params) => `tidak ada ${consentTo(params)} yang diketahui`,
  'blocked.no_channel': ({ channel }) => `ruang kerja tidak punya saluran${after(' ', channel)}`,
  'blocked.no_address': ({ channel }) => `tidak ada alamat${after(' untuk ', channel)} yang diketahui`,
  'blocked.address_suppressed': ({ channel }) =>
    `alamat${after(' untuk ', channel)} ada di daftar penghentian`,
  'blocked.quiet_hours': ({ zone }) => `jam tenang${after(' di ', zone)}`,
  'blocked.customer_paused': ({ reason }) => `pelanggan dijeda${after(': ', reason)}`,
  'blocked.action_paused': ({ since }) => `tindakan dijeda untuk semua pelanggan${after(' sejak ', since)}`,
  'blocked.guardrail': ({ harm, since }) =>
    `pagar pengaman${after(' (', harm, ')')} menjeda tindakan ini untuk semua pelanggan${after(' pada ', since)}`,
  'blocked.snoozed': ({ topics }) => `pelanggan meminta senyap${after(' tentang ', topics?.text ?? null)}`,
  'blocked.ticket_open': ({ tickets, since, owner }) =>
    `tiket ${tickets.text}${after(' milik ', owner)} terbuka${after(' sejak ', since)}`,
  'blocked.cooling_down': ({ tickets, since }) =>
    tickets.count === 1
      ? `tiket ${tickets.text} ditutup${after(' pada ', since)}, dan masih dalam masa tenang`
      : `tiket ${tickets.text} ditutup${after(', yang terakhir pada ', since)}, dan masih dalam masa tenang`,
  'blocked.not_eligible': condition('eligible'),
  'blocked.not_applicable': condition('applicable'),
  'blocked.not_suitable': condition('suitable'),
  'blocked.too_soon': ({ last }) => `terlalu cepat setelah pesan pemasaran terakhir${after(' (', last, ')')}`,
  'blocked.cap_reached': ({ rule, used, max, window }) =>
    `batas${after(' ', rule)} sudah penuh${fullWindow(used, max, window)}`,
  'blocked.limit_reached': ({ used, max, window }) =>
    `sudah dikirim sebanyak yang diizinkan${fullWindow(used, max, window)}`,
  'blocked.content_seen': ({ used, max, window }) =>
    `isi yang serupa sudah dilihat sebanyak yang diizinkan${fullWindow(used, max, window)}`,
  'blocked.sunset': ({ last }) => `pelanggan terlalu lama tidak aktif${after(': sejak ', last)}`,
  'blocked.budget_spent': () => 'anggarannya bulan ini habis',
  'blocked.sold_out': ({ max }) =>
    max === null ? 'semua sudah dibagikan' : `semua ${max} unit sudah dibagikan`,
  'blocked.not_supported': () => 'saluran ini tidak dapat membawa kupon',
  'blocked.coupon_issued': () => 'kuponnya sudah diberikan',
  'blocked.coupon_redeemed': () => 'kuponnya sudah ditukarkan',
  'blocked.coupon_expired': () => 'kuponnya kedaluwarsa',
  'blocked.coupon_revoked': () => 'kuponnya dicabut',
  'blocked.outranked': () => 'tindakan lain berperingkat lebih tinggi',
  'blocked.do_nothing': () => 'tidak melakukan apa pun lebih bernilai',
  'blocked.too_late': ({ deadline }) => `terlambat${after(': batasnya ', deadline)}`,
  'blocked.error': ({ gate, detail }) => `aturan ${gate} gagal${after(': ', detail)}`,
  'blocked.unknown': ({ gate, code }) => `aturan ${gate} menghalangi${after(': ', code)}`,
};

export const lifts: Catalogue<LiftMessages> = {
  'lift.at': ({ at }) => `berakhir pada ${at}`,
  'lift.on': ({ event, coolDown }) => `berakhir saat ${event}${after(', lalu setelah ', coolDown)}`,
  'lift.at_or_on': ({ at, event }) => `berakhir pada ${at}, atau saat ${event}`,
  'lift.bundle': () => 'berakhir dengan versi baru definisi',
  'lift.action_resumed': () => 'berakhir saat tindakan dilanjutkan',
  'lift.activity': () => 'berakhir saat pelanggan aktif lagi',
  'lift.never': () => 'tidak berakhir dengan sendirinya',
};
