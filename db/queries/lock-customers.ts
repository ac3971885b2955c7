import { emptyProfile, type Profile } from '../../src/domain/profile.ts';
import type { Tx } from '../client.ts';

export interface LockedCustomer {
  id: string;
  workspace: string;
  seq: number;
  profile: Profile;
  paused: { since: number; reason: string; by: string } | null;
}

/**
 * Locks these customers in the order of their ids, making those that aren't there yet. This is the lock that a claim
 * takes too: a ticket accepted under it is seen by every claim that commits later (I3).
 */
export async function lockCustomers(
  tx: Tx,
  wanted: { id: string; workspace: string }[],
): Promise<Map<string, LockedCustomer>> {
  const found = await lock(
    tx,
    wanted.map((c) => c.id),
  );
  const missing = wanted.filter((c) => !found.has(c.id)).sort((a, b) => (a.id < b.id ? -1 : 1));
  if (missing.length === 0) return found;
  await tx`
    insert into customers (id, workspace, profile)
    select i, w, ${JSON.stringify(emptyProfile())}::text::jsonb
    from unnest(${missing.map((c) => c.id)}::text[], ${missing.map((c) => c.workspace)}::text[]) as t(i, w)
    on conflict do nothing`;
  for (const [id, customer] of await lock(
    tx,
    missing.map((c) => c.id),
  ))
    found.set(id, customer);
  return found;
}

async function lock(tx: Tx, ids: string[]): Promise<Map<string, LockedCustomer>> {
  const rows = await tx<LockedCustomer[]>`
    select id, workspace, seq, profile, paused from customers where id = any(${ids}) order by id for update`;
  // A profile folded by an older build may lack what this one folds.
  return new Map(rows.map((row) => [row.id, { ...row, profile: { ...emptyProfile(), ...row.profile } }]));
}
