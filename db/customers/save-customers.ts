import { foldName, readCustomerName } from '../../src/domain/customer/customer-name.ts';
import type { Tx } from '../client.ts';
import { assign, type NewRow, recordset } from '../columns.ts';
import { customers } from '../schema.ts';

const FOLDED = ['seq', 'profile', 'email', 'paused', 'accountId', 'personKey'] as const;
const COLUMNS = [...FOLDED, 'nameKey'] as const;

export interface CustomerRow extends NewRow<typeof customers, 'id' | (typeof FOLDED)[number]> {
  /** The sequence number before the events that were appended to the log. */
  before: number;
}

/**
 * Writes what acceptance has folded. The rows are locked, so each log still ends where it ended. No key of the events'
 * partitions keeps a sequence number from being used twice, so it is checked here.
 */
export async function saveCustomers(tx: Tx, rows: CustomerRow[]): Promise<void> {
  const named = rows.map((row) => ({ ...row, nameKey: toNameKey(row) }));
  const saved = await tx`
    update customers c set ${assign(tx, customers, COLUMNS)}
    from ${recordset(tx, customers, ['id', ...COLUMNS], named, { before: 'bigint' })}
    where c.id = t.id and c.seq = t.before`;
  if (saved.count !== rows.length) throw new Error('a log was appended to without the lock of its customer');
}

/** The name as a search compares it. */
function toNameKey({ profile }: Pick<CustomerRow, 'profile'>): string | null {
  const name = readCustomerName(profile.traits);
  return name === null ? null : foldName(name) || null;
}
