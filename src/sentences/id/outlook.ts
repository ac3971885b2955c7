import type { Catalogue } from '../message.ts';
import type { FollowMessages, OutlookMessages, StateMessages } from '../messages.ts';
import { after, byChannel, byChannels } from './words.ts';

export const outlook: Catalogue<OutlookMessages> = {
  'outlook.erased': ({ customer }) => `tidak ada: ${customer} telah dihapus, dan tidak menerima pesan`,
  'outlook.planned': ({ channel, at }) => `direncanakan: dikirim${byChannel(channel)} pada ${at}`,
  'outlook.sending': ({ channel }) => `sedang dikirim${byChannel(channel)}`,
  'outlook.task': ({ state, queue, until }) =>
    `di tangan petugas: tugasnya ${state}${after(' di antrean ', queue)}${after(', harus selesai pada ', until)}`,
  'outlook.parked': ({ reason, retryAt }) =>
    `diparkir: keputusan terakhir gagal${after(': ', reason)}${after('; dicoba lagi pada ', retryAt)}`,
  'outlook.control': ({ journeys }) =>
    `kontrol: pelanggan berada di grup kontrol ${journeys.text}, yang tidak menerima pesan`,
  'outlook.not_enrolled': ({ journeys }) =>
    journeys.count === 1
      ? `tidak ditawarkan: pelanggan tidak berada di ${journeys.text}, perjalanan yang menawarkannya`
      : `tidak ditawarkan: pelanggan tidak berada di satu pun perjalanan yang menawarkannya: ${journeys.text}`,
  'outlook.sent': ({ channel, at, journeys }) =>
    `terkirim: dikirim${byChannel(channel)} pada ${at}, dan pelanggan tidak lagi berada di ${journeys.text}`,
  'outlook.not_offered': () => 'tidak ditawarkan: tidak ada perjalanan atau penempatan yang menawarkannya',
  'outlook.silent': ({ reason, lift }) => `senyap: ${reason}; ${lift}`,
  'outlook.waiting': ({ journey, step, until }) =>
    `belum: tidak ada yang menghalanginya, dan ${journey} menunggu di langkah ${step}${after(' sampai ', until)}`,
  'outlook.busy': ({ journey, step }) =>
    `belum: tidak ada yang menghalanginya, dan ${journey} sedang menjalankan tindakan lain di langkah ${step}`,
  'outlook.outranked': ({ winners, at, again }) =>
    `kalah peringkat: tidak ada yang menghalanginya, tetapi pada ${at} ${winners === null ? 'tindakan lain' : winners.text} berperingkat lebih tinggi${after('; bersaing lagi pada ', again)}`,
  'outlook.nothing_won': ({ at }) =>
    `kalah peringkat: tidak ada yang menghalanginya, tetapi pada ${at} tidak melakukan apa pun lebih bernilai`,
  'outlook.allowed': ({ channels, next }) =>
    `diizinkan: tidak ada yang menghalanginya${byChannels(channels.text)}${after('; keputusan berikutnya pada ', next)}`,
  'outlook.on_request': ({ channels, placements }) =>
    `diizinkan: tidak ada yang menghalanginya${byChannels(channels.text)}; ditawarkan atas permintaan di ${placements.text}`,
  'reason.line': ({ channels, reason, lift }) =>
    `${after('', channels?.text ?? null, ': ')}${reason}; ${lift}`,
  'fact.sent': ({ channel, at }) => `terakhir terkirim${byChannel(channel)} pada ${at}`,
  'fact.failed': ({ channel, at, error }) =>
    `pesan terakhir${byChannel(channel)} gagal pada ${at}${after(': ', error)}`,
  'fact.unknown': ({ channel, at }) =>
    `pesan terakhir${byChannel(channel)} pada ${at} mungkin sampai: penyedia tidak memberi jawaban pasti`,
  'fact.task_ended': ({ state, outcome, at }) =>
    `tugas terakhirnya, dari ${at}, ${state}${after(': ', outcome)}`,
  'fact.step': ({ journey, step, state, until, again }) =>
    `${journey} ${state} di langkah ${step}${after(' sampai ', until)}${after(', dan diputuskan lagi paling lambat ', again)}`,
  'fact.control': ({ journeys }) => `pelanggan berada di grup kontrol ${journeys.text}`,
  'fact.resolved': ({ requested, customer }) => `${requested} digabungkan ke ${customer}`,
  'fact.zone': ({ zone }) => `waktu dalam zona ${zone}`,
};

export const following: Catalogue<FollowMessages> = {
  'follow.merged': ({ into }) => `pelanggan ini digabungkan ke ${into}, dan diikuti di sana`,
  'follow.erased': ({ customer }) => `${customer} telah dihapus: tidak ada lagi linimasa`,
  'follow.lost': ({ cause }) => `tidak ada jawaban (${cause}); mencoba lagi`,
  'follow.back': () => 'menjawab lagi',
};

export const states: Catalogue<StateMessages> = {
  'enrollment.running': () => 'sedang diputuskan',
  'enrollment.waiting': () => 'menunggu',
  'enrollment.held': () => 'ditahan',
  'enrollment.delivering': () => 'mengirim pesan',
  'enrollment.tasked': () => 'punya tugas pada petugas',
  'enrollment.poison': () => 'diparkir',
  'enrollment.control': () => 'diamati sebagai kontrol',
  'task_state.planned': () => 'akan segera dibuka',
  'task_state.open': () => 'terbuka',
  'task_state.acknowledged': () => 'diambil oleh petugas',
  'task_state.resolved': () => 'diselesaikan',
  'task_state.expired': () => 'kedaluwarsa',
  'task_state.withdrawn': () => 'ditarik',
  'coupon.issued': ({ percent, until }) =>
    `kupon${after(' ', percent, ' %')} diterbitkan${after(', berlaku sampai ', until)}`,
  'coupon.redeemed': ({ order, at }) =>
    `kupon ditukarkan${after(' untuk pesanan ', order)}${after(' pada ', at)}`,
  'coupon.expired': ({ until }) => `kupon kedaluwarsa${after(' pada ', until)}`,
  'coupon.revoked': () => 'kupon dicabut',
};
