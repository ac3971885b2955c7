import { defineMessages, useMessages } from '../i18n/messages.ts';

const messages = defineMessages({
  en: {
    consent: 'Consent',
    reachable: 'Address',
    quiet_hours: 'Quiet hours',
    paused: 'Customer paused',
    guardrail: 'Action paused',
    snooze: 'Snooze',
    suppression: 'Open ticket',
    eligibility: 'Eligible',
    applicability: 'Applicable',
    suitability: 'Suitable',
    spacing: 'Spacing',
    caps: 'Caps',
    limit: 'Limit of the action',
    sunset: 'Inactive customer',
    budget: 'Budget and stock',
    coupon: 'Coupon',
    arbitration: 'Arbitration',
    value: 'Value',
    expiry: 'Deadline',
  },
  id: {
    consent: 'Persetujuan',
    reachable: 'Alamat',
    quiet_hours: 'Jam tenang',
    paused: 'Pelanggan dijeda',
    guardrail: 'Tindakan dijeda',
    snooze: 'Tunda dari pelanggan',
    suppression: 'Tiket terbuka',
    eligibility: 'Memenuhi syarat',
    applicability: 'Relevan saat ini',
    suitability: 'Cocok',
    spacing: 'Jarak antarpesan',
    caps: 'Batas kontak',
    limit: 'Batas tindakan',
    sunset: 'Pelanggan tidak aktif',
    budget: 'Anggaran dan stok',
    coupon: 'Kupon',
    arbitration: 'Arbitrase',
    value: 'Nilai',
    expiry: 'Tenggat',
  },
});

/** The gates that block candidates, in their order. */
export const GATES = [
  'consent',
  'reachable',
  'quiet_hours',
  'paused',
  'guardrail',
  'snooze',
  'suppression',
  'eligibility',
  'applicability',
  'suitability',
  'spacing',
  'caps',
  'limit',
  'sunset',
  'budget',
  'coupon',
  'value',
] as const;

/** Names a gate in the user's language; one that this build does not know keeps its own name. */
export function useGateName(): (gate: string) => string {
  const names: Record<string, string> = useMessages(messages);
  return (gate) => (Object.hasOwn(names, gate) ? (names[gate] as string) : gate);
}
