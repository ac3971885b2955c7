import type { Catalogue } from '../message.ts';
import type { EventMessages } from '../messages.ts';
import { after, byActor, byChannel } from './words.ts';

const ticket = (id: string | null) => `tiket${after(' ', id)}`;
const order = (id: string | null) => `pesanan${after(' ', id)}`;
const message = (action: string | null) => action ?? 'sebuah pesan';
const task = (action: string | null) => `tugas${after(' ', action)}`;
const shown = (done: string) => (params: { action: string | null; placement: string | null }) =>
  `${params.action ?? 'sebuah tindakan'} ${done}${after(' di ', params.placement)}`;

export const events: Catalogue<EventMessages> = {
  'event.Ticket Opened': ({ ticket: id, subject, severity }) =>
    `${ticket(id)} dibuka${after(' (', severity, ')')}${after(': ', subject)}`,
  'event.Ticket Updated': ({ ticket: id, status, severity }) =>
    `${ticket(id)} diperbarui${after(' (', severity, ')')}${after(': ', status)}`,
  'event.Ticket Closed': ({ ticket: id }) => `${ticket(id)} ditutup`,
  'event.Ticket Moved': ({ ticket: id }) => `${ticket(id)} dipindahkan ke pelanggan lain`,
  'event.Ticket Overdue': ({ ticket: id, since }) =>
    `${ticket(id)} melewati batas waktu${after(': terbuka sejak ', since)}`,
  'event.Consent Changed': ({ granted, purpose, topic, channel, actor }) => {
    const about = topic === null || topic === '*' ? '' : ` tentang ${topic}`;
    const done = granted === null ? 'diubah' : granted ? 'diberikan' : 'dicabut';
    return `persetujuan${after(' untuk ', purpose)}${about}${byChannel(channel)} ${done}${after(', dimasukkan oleh ', actor)}`;
  },
  'event.Payment Failed': ({ order: id, amount, cause }) =>
    `pembayaran${after(' untuk pesanan ', id)} gagal${after(': ', cause)}${after(', ', amount)}`,
  'event.Order Completed': ({ order: id, amount, products }) =>
    `${order(id)} selesai${after(': ', amount)}${after(' untuk ', products?.text ?? null)}`,
  'event.Order Updated': ({ order: id, amount }) => `${order(id)} diperbarui${after(': ', amount)}`,
  'event.Order Refunded': ({ order: id, amount }) => `dana ${order(id)} dikembalikan${after(': ', amount)}`,
  'event.Order Cancelled': ({ order: id }) => `${order(id)} dibatalkan`,
  'event.Checkout Started': ({ amount, products }) =>
    `pembayaran dimulai${after(': ', amount)}${after(' untuk ', products?.text ?? null)}`,
  'event.Customer Paused': ({ actor, reason }) => `pelanggan dijeda${byActor(actor)}${after(': ', reason)}`,
  'event.Customer Resumed': ({ actor, reason }) =>
    `jeda pelanggan diakhiri${byActor(actor)}${after(': ', reason)}`,
  'event.Enrollment Exit Requested': ({ journey, enrollment, actor, reason }) =>
    `keluar dari ${journey ?? enrollment ?? 'semua perjalanan'} diminta${byActor(actor)}${after(': ', reason)}`,
  'event.Enrollment Requested': ({ journey }) => `masuk${after(' ke ', journey)} diminta`,
  'event.Entry Due': ({ journey }) => `masuk${after(' ke ', journey)} waktunya diperiksa`,
  'event.Customer Snoozed': ({ until, topics, actor }) =>
    `${until === null ? 'masa senyap diakhiri' : `senyap sampai ${until}`}${after(' tentang ', topics?.text ?? null)}${after(', dimasukkan oleh ', actor)}`,
  'event.Preferences Changed': ({ level, actor }) =>
    `${level === null ? 'preferensi diubah' : `personalisasi diatur ke tingkat ${level}`}${after(', dimasukkan oleh ', actor)}`,
  'event.Customer Merged': ({ from, into, reason }) =>
    `pelanggan${after(' ', from)} digabungkan ke ${into ?? 'pelanggan ini'}${after(': ', reason)}`,
  'event.Customer Unmerged': ({ lost, into, reason }) =>
    `penggabungan dibatalkan: peristiwa ${lost ?? 'pelanggan lain'} dipindahkan ke ${into ?? 'pelanggan baru'}${after(' (', reason, ')')}`,
  'event.Stage Changed': ({ from, to }) =>
    `tahap berubah dari ${from ?? 'tidak ada'} ke ${to ?? 'tidak ada'}`,
  'event.Segment Entered': ({ segment }) => `masuk ke segmen${after(' ', segment)}`,
  'event.Segment Left': ({ segment }) => `keluar dari segmen${after(' ', segment)}`,
  'event.Delivery Sent': ({ action, channel }) => `${message(action)} terkirim${byChannel(channel)}`,
  'event.Delivery Failed': ({ action, channel, error }) =>
    `${message(action)} tidak dapat dikirim${byChannel(channel)}${after(': ', error)}`,
  'event.Delivery Unknown': ({ action, channel, error }) =>
    `${message(action)} mungkin terkirim${byChannel(channel)}: tidak ada jawaban pasti${after(' (', error, ')')}`,
  'event.Delivery Delivered': ({ action, channel }) => `${message(action)} sampai${byChannel(channel)}`,
  'event.Delivery Opened': ({ action, channel }) => `${message(action)} dibuka${byChannel(channel)}`,
  'event.Delivery Opened Automatically': ({ action, channel }) =>
    `${message(action)} dimuat oleh proksi atau pemindai${byChannel(channel)}, mungkin bukan oleh pelanggan`,
  'event.Delivery Clicked': ({ action, url }) => `tautan di ${message(action)} diklik${after(': ', url)}`,
  'event.Delivery Clicked Automatically': ({ action, url }) =>
    `tautan di ${message(action)} diikuti oleh pemindai, bukan oleh pelanggan${after(': ', url)}`,
  'event.Delivery Bounced': ({ action, channel, permanent, reason }) =>
    `${message(action)} terpental${byChannel(channel)}${permanent ? ' secara permanen' : ''}${after(': ', reason)}`,
  'event.Delivery Complained': ({ action, channel }) =>
    `${message(action)} dilaporkan sebagai spam${byChannel(channel)}`,
  'event.Delivery Unsubscribed': ({ action, channel }) =>
    `${message(action)} dijawab dengan berhenti berlangganan${byChannel(channel)}`,
  'event.Delivery Held': ({ action, channel, reasons }) =>
    `${message(action)} ditahan saat waktunya tiba${byChannel(channel)}${after(': ', reasons)}`,
  'event.Delivery Repeated': ({ action, channel, actor, reason }) =>
    `pengulangan ${message(action)} diminta${byChannel(channel)}${byActor(actor)}${after(': ', reason)}`,
  'event.Delivery Dismissed': ({ action, channel }) => `${message(action)} ditutup${byChannel(channel)}`,
  'event.Action Shown': shown('ditampilkan'),
  'event.Action Clicked': shown('diklik'),
  'event.Action Accepted': shown('diterima'),
  'event.Action Rejected': shown('ditolak'),
  'event.Task Opened': ({ action, queue }) => `${task(action)} terbuka${after(' di antrean ', queue)}`,
  'event.Task Acknowledged': ({ action, actor }) => `${task(action)} diambil${byActor(actor)}`,
  'event.Task Released': ({ action, actor }) => `${task(action)} dilepas${byActor(actor)}`,
  'event.Task Snoozed': ({ action, actor, until, reason }) =>
    `${task(action)} ditunda${after(' sampai ', until)}${byActor(actor)}${after(': ', reason)}`,
  'event.Task Escalated': ({ action, queue }) => `${task(action)} dieskalasi${after(' ke antrean ', queue)}`,
  'event.Task Resolved': ({ action, outcome, actor }) =>
    `${task(action)} diselesaikan${byActor(actor)}${after(': ', outcome)}`,
  'event.Task Withdrawn': ({ action, reason, reasons }) =>
    `${task(action)} ditarik${after(': ', reason ?? reasons)}`,
  'event.Task Expired': ({ action }) => `${task(action)} tidak diselesaikan tepat waktu`,
  'event.Coupon Issued': ({ action, percent, until }) =>
    `kupon${after(' ', percent, ' %')} diterbitkan${after(' bersama ', action)}${after(', berlaku sampai ', until)}`,
  'event.Coupon Redeemed': ({ action, order: id }) =>
    `kupon${after(' dari ', action)} ditukarkan${after(' untuk pesanan ', id)}`,
  'event.Coupon Expired': ({ action }) => `kupon${after(' dari ', action)} kedaluwarsa`,
  'event.Coupon Revoked': ({ action, reason }) =>
    `kupon${after(' dari ', action)} dicabut${after(': ', reason)}`,
  'event.Catalogue Viewed': ({ action, products }) =>
    `katalog dibuka${after(' dari ', action)}${after(': ', products?.text ?? null)}`,
  'event.Customer Identified': ({ traits }) => `dikenali${after(' dengan ', traits?.text ?? null)}`,
  'event.Page Viewed': ({ page }) => `halaman dilihat${after(': ', page)}`,
  'event.Screen Viewed': ({ screen }) => `layar dilihat${after(': ', screen)}`,
  'event.Group Joined': ({ account }) => `bergabung dengan akun${after(' ', account)}`,
  'event.Alias Made': () => 'dua id digabungkan',
  'event.other': ({ name, details }) => `${name}${after(' (', details?.text ?? null, ')')}`,
};
