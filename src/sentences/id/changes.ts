import type { Catalogue } from '../message.ts';
import type { ChangeMessages, ReasonMessages } from '../messages.ts';
import { after } from './words.ts';

const DATES: Record<string, (on: string) => string> = {
  armed: (on) => `dijadwalkan pada ${on}`,
  moved: (on) => `kini dijadwalkan pada ${on}`,
  skipped: (on) => `melewatkan tanggalnya ${on}`,
  invalid: (on) => `punya tanggal yang tidak sah: ${on}`,
};

export const changes: Catalogue<ChangeMessages> = {
  'change.entered': ({ journey, key, control }) =>
    `masuk ke ${journey}${after(' untuk ', key)}${control ? ' sebagai grup kontrol' : ''}`,
  'change.not_entered': ({ journey, reason }) => `tidak masuk ke ${journey}: ${reason}`,
  'change.moved': ({ journey, from, to }) => `${journey} berpindah${after(' dari ', from)} ke ${to}`,
  'change.goal': ({ journey }) => `${journey} mencapai tujuannya`,
  'change.exposed': ({ journey, step, arm }) => `${journey} mengambil cabang ${arm} dari ${step}`,
  'change.adopted': ({ journey, from }) => `${journey} berasal dari ${from}`,
  'change.stage': ({ from, to }) => `tahap ${from ?? 'tidak ada'} → ${to ?? 'tidak ada'}`,
  'change.segment': ({ segment, inside }) => `${inside ? 'masuk ke' : 'keluar dari'} segmen ${segment}`,
  'change.date': ({ journey, on, state, reason }) =>
    `${journey} ${DATES[state]?.(on) ?? `punya tanggal ${on}, yaitu ${state}`}${after(': ', reason)}`,
  'change.ended': ({ journey, reason }) => `${journey} berakhir: ${reason}`,
  'change.poisoned': ({ what, reason }) => `${what} diparkir: ${reason}`,
  'change.recovered': ({ since, reason }) =>
    `diputuskan lagi${after(' setelah diparkir sejak ', since)}: ${reason}`,
  'change.condition_failed': ({ expression, reason }) => `syarat ${expression} gagal dihitung: ${reason}`,
  'change.not_recorded': ({ size }) => `yang dibaca tidak dicatat: ${size} karakter`,
  'change.other': ({ kind }) => `berubah: ${kind}`,
};

export const reasons: Catalogue<ReasonMessages> = {
  'reason.already_open': () => 'pelanggan sudah berada di dalamnya',
  'reason.limit': () => 'sudah terbuka sebanyak yang diizinkan',
  'reason.entered_before': () => 'pelanggan pernah berada di dalamnya',
  'reason.entered_recently': () => 'pelanggan baru saja berada di dalamnya',
  'reason.overtaken': () => 'hal yang mengakhirinya sudah terjadi',
  'reason.no_room': () => 'pelanggan berada di terlalu banyak perjalanan',
  'reason.goal': () => 'tujuannya tercapai',
  'reason.restarted': () => 'dimulai lagi',
  'reason.completed': () => 'langkah terakhirnya selesai',
  'reason.merged': () => 'keikutsertaan yang sama datang lewat penggabungan',
  'reason.requested': () => 'atas permintaan',
  'reason.journey_removed': () => 'perjalanan ini dihapus',
  'reason.exit_time': () => 'waktunya habis',
  'reason.exit': ({ by }) => `keluar karena ${by}`,
  'reason.decided_afresh': () => 'diputuskan lagi',
  'reason.ticket_open': () => 'ada tiket yang terbuka',
  'reason.customer_gone': () => 'pelanggan sudah tidak ada',
  'reason.enrollment_ended': ({ reason }) => `perjalanan berakhir: ${reason}`,
  'reason.text': ({ text }) => text,
};
