import type { NoteCode } from '../../domain/note.ts';

/** What a note means to the engineer who maintains the sender. */
export const NOTES: Record<NoteCode, string> = {
  unreadable_number:
    'Sebuah jumlah, atau properti yang dinyatakan sebagai angka di events.yaml, bukan angka desimal biasa. Nilainya tidak diketahui, bukan 0.',
  placeholder_id:
    'Sebuah id tidak menunjuk siapa pun atau apa pun: kata seperti `undefined`, isian sementara, atau nol. Dianggap tidak ada.',
  shared_id:
    'Sebuah id terhubung dengan lebih banyak id lain daripada yang dimiliki satu orang: isian sementara, atau id yang dipakai bersama orang asing.',
  unreadable_time:
    'Sebuah waktu bukan ISO 8601, juga bukan detik atau milidetik sejak 1970. Waktu penerimaan, atau waktu peristiwa, yang dipakai.',
  unknown_ticket_status:
    'Kata untuk status tiket tidak dikenal. Nama peristiwa yang menentukan; pembaruan tidak mengubah status.',
  ticket_without_id:
    'Peristiwa tiket tidak punya `ticket_id`. Tidak ada tiket yang dibuka, diubah, atau ditutup.',
  unknown_consent_word:
    'Kata yang seharusnya memberi atau mencabut persetujuan tidak dikenal. Bukan pernyataan.',
  consent_without_purpose: 'Pernyataan persetujuan tidak menyebut tujuan. Bukan pernyataan.',
  too_many_purposes:
    'Sebuah objek persetujuan menyebut lebih banyak tujuan daripada yang dibaca. Yang dicabut dibaca lebih dulu.',
  unknown_currency:
    'Sebuah mata uang tidak dikenal, atau tanda seperti `$` yang tidak dipakai mata uang ruang kerja. Jumlahnya disimpan terpisah, dan tidak ditambahkan ke mata uang lain.',
  foreign_refund:
    'Pengembalian dana memakai mata uang lain daripada pesanannya. Nilainya tidak diketahui, jadi pesanan tidak dikurangi.',
  order_without_id:
    'Peristiwa yang mengubah atau mengembalikan pesanan tidak punya `order_id`. Tidak ada pesanan yang berubah.',
  group_without_id:
    'Panggilan group tidak menyebut akun. Tidak ada yang bergabung, dan sifat-sifatnya tidak disimpan.',
  wrong_type:
    'Ada teks, angka, atau daftar di tempat sebuah objek, atau hal lain di tempat sebuah daftar. Dianggap tidak ada.',
  outside_properties:
    'Panggilan track tidak punya properti, tetapi punya bidang di luarnya yang tidak dibaca, seperti `order_id`.',
  unknown_order_status: 'Kata untuk status pesanan tidak dikenal. Tidak ada yang berubah.',
  unknown_locale: 'Sebuah bahasa tidak dikenal. Dianggap tidak ada.',
  unknown_time_zone:
    'Zona waktu bukan nama IANA, juga bukan selisih seperti `+02:00`. Dianggap tidak ada: zona waktu ruang kerja yang berlaku.',
  unreadable_address:
    'Alamat sebuah saluran bukan tepat satu alamat email atau nomor telepon. Tidak ada yang dikirim ke sana.',
  needs_proof:
    'Kunci peramban menyatakan hal yang memerlukan kunci server, sumber yang dinyatakan, atau bukti: alamat lain daripada yang diketahui, persetujuan yang telah dicabut, sebuah akun, atau bahwa dua pelanggan yang dikenal adalah satu orang. Disimpan, dan tidak mengubah apa pun.',
  unknown_order:
    'Uang dikembalikan dari pesanan yang tidak dikenal. Dikurangkan saat pesanan itu datang. Untuk satu pelanggan, 250 pesanan terbaru dikenal.',
  no_room:
    'Ada lebih banyak sifat, jenis peristiwa, atau perubahan pesanan tak dikenal daripada yang disimpan sebuah profil. Yang tertua dan tidak dibaca dihapus.',
};
