import { emptyProfile } from '../../src/domain/customer/profile.ts';
import type { Tx } from '../client.ts';
import { type Row, selectColumns } from '../columns.ts';
import { customers } from '../schema.ts';

const COLUMNS = [
  'id',
  'workspace',
  'seq',
  'profile',
  'paused',
  'accountId',
  'personKey',
  'mergedInto',
] as const;

export interface LockedCustomer extends Row<typeof customers, (typeof COLUMNS)[number]> {
  erased: boolean;
  /** Wall clock of the customer's first event. */
  knownSince: number;
}

/**
 * Locks these customers in the order of their ids and creates the missing ones. A claim takes the same lock, so a
 * ticket that is accepted under it is visible to every claim that commits later (I3).
 */
export async function lockOrCreateCustomers(
  tx: Tx,
  keys: { id: string; workspace: string }[],
): Promise<Map<string, LockedCustomer>> {
  const locked = await lockExistingCustomers(
    tx,
    keys.map((key) => key.id),
  );
  const missing = keys.filter((c) => !locked.has(c.id)).sort((a, b) => (a.id < b.id ? -1 : 1));
  if (missing.length === 0) return locked;
  await tx`
    insert into customers (id, workspace, profile)
    select i, w, ${JSON.stringify(emptyProfile())}::text::jsonb
    from unnest(${missing.map((c) => c.id)}::text[], ${missing.map((c) => c.workspace)}::text[]) as t(i, w)
    on conflict do nothing`;
  for (const [id, customer] of await lockExistingCustomers(
    tx,
    missing.map((c) => c.id),
  ))
    locked.set(id, customer);
  return locked;
}

/** Locks those of these customers that exist, in the order of their ids. */
export async function lockExistingCustomers(tx: Tx, ids: string[]): Promise<Map<string, LockedCustomer>> {
  const rows = await tx<LockedCustomer[]>`
    select ${selectColumns(tx, customers, COLUMNS)}, erased_at is not null as erased,
           (extract(epoch from created_at) * 1000)::bigint as "knownSince"
    from customers where id = any(${ids}) order by id for update`;
  // A profile that an earlier build folded may lack members that this build reads.
  return new Map(rows.map((row) => [row.id, { ...row, profile: { ...emptyProfile(), ...row.profile } }]));
}
