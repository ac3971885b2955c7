import type { Catalogue } from '../message.ts';
import type { ItemMessages } from '../messages.ts';
import { after, byChannel } from './words.ts';

export const items: Catalogue<ItemMessages> = {
  'decision.acted': ({ actions }) => `diputuskan: ${actions?.text ?? 'bertindak'}`,
  'decision.held': ({ reasons }) => `diputuskan: tahan${after('; ', reasons)}`,
  'decision.moved': () => 'diputuskan: tanpa tindakan',
  'decision.nothing': () => 'diputuskan: tidak melakukan apa pun',
  'decision.offered': ({ actions }) => `diputuskan atas permintaan: tawarkan ${actions?.text ?? 'tidak ada'}`,
  'decision.fallback': ({ actions }) =>
    `diputuskan atas permintaan: tawarkan cadangan${after(' ', actions?.text ?? null)}`,
  'decision.silence': ({ actions, reason, lift }) => `${actions.text} senyap: ${reason}; ${lift}`,
  'delivery.planned': ({ action, channel, at }) => `${action} direncanakan${byChannel(channel)} untuk ${at}`,
  'delivery.held': ({ action, channel }) => `${action}${byChannel(channel)} ditahan`,
  'delivery.sending': ({ action, channel }) => `${action} sedang dikirim${byChannel(channel)}`,
  'delivery.sent': ({ action, channel }) => `${action} terkirim${byChannel(channel)}`,
  'delivery.failed': ({ action, channel, error }) =>
    `${action} tidak dapat dikirim${byChannel(channel)}${after(': ', error)}`,
  'delivery.unknown': ({ action, channel, error }) =>
    `${action} mungkin terkirim${byChannel(channel)}: tidak ada jawaban pasti${after(' (', error, ')')}`,
  'delivery.cancelled': ({ action, channel, reason }) =>
    `${action}${byChannel(channel)} dibatalkan${after(': ', reason)}`,
  'task.planned': ({ action }) => `tugas ${action} akan segera dibuka`,
  'task.open': ({ action }) => `tugas ${action} terbuka`,
  'task.acknowledged': ({ action }) => `tugas ${action} diambil oleh petugas`,
  'task.resolved': ({ action }) => `tugas ${action} diselesaikan`,
  'task.expired': ({ action }) => `tugas ${action} tidak diselesaikan tepat waktu`,
  'task.withdrawn': ({ action }) => `tugas ${action} ditarik`,
  'item.other': ({ title }) => title,
  'item.with': ({ main, details }) => `${main}${after('; ', details)}`,
  'flag.repeated': () => 'pengulangan, jadi tidak dihitung',
  'flag.suppressed': () => 'pesan yang didiamkan menunggu sampai tiket ditutup',
  'flag.member': ({ member }) => `oleh anggota akun ${member}`,
  'flag.withheld': ({ count }) =>
    `${count} pernyataan tidak dipakai: kunci peramban tidak boleh menyatakannya`,
  'note.about': ({ field, value, meaning }) => `catatan tentang ${field}${after(' = ', value)}: ${meaning}`,
};
