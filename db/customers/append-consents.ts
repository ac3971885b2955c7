import type { Consent } from '../../src/domain/customer/consent.ts';
import type { Tx } from '../client.ts';
import { insertRows } from '../columns.ts';
import { consents } from '../schema.ts';

const COLUMNS = [
  'customerId',
  'seq',
  'purpose',
  'channel',
  'topic',
  'status',
  'source',
  'at',
  'speaker',
] as const;

/** Appends consent statements. The consent that holds is computed from all of them (`resolveConsent`). */
export async function appendConsents(tx: Tx, rows: (Consent & { customerId: string })[]): Promise<void> {
  const withSpeaker = rows.map((row) => ({ ...row, speaker: row.speaker ?? null }));
  await tx`${insertRows(tx, consents, COLUMNS, withSpeaker)} on conflict do nothing`;
}
