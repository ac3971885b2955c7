import type { Tx } from '../client.ts';
import { assign, type NewRow, recordset } from '../columns.ts';
import { customers } from '../schema.ts';

const COLUMNS = ['seq', 'profile', 'email', 'paused', 'accountId', 'personKey'] as const;

export type CustomerRow = NewRow<typeof customers, 'id' | (typeof COLUMNS)[number]>;

/** Writes what acceptance has folded. The rows are locked. */
export async function saveCustomers(tx: Tx, rows: CustomerRow[]): Promise<void> {
  await tx`
    update customers c set ${assign(tx, customers, COLUMNS)}
    from ${recordset(tx, customers, ['id', ...COLUMNS], rows)}
    where c.id = t.id`;
}
