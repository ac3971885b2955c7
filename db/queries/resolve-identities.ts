import type { Tx } from '../client.ts';

export interface Identity {
  workspace: string;
  type: 'user' | 'anon' | 'email';
  value: string;
}

export type KnownIdentity = Identity & { customerId: string };

/** Who is known under these identities; and, where it's asked for, which user id is bound to them. */
export async function findIdentities(
  tx: Tx,
  wanted: Identity[],
  withUsers: boolean,
): Promise<(KnownIdentity & { userId: string | null })[]> {
  return tx<(KnownIdentity & { userId: string | null })[]>`
    select i.workspace, i.type, i.value, i.customer_id as "customerId",
           ${
             withUsers
               ? tx`(select u.value from identities u where u.customer_id = i.customer_id and u.type = 'user'
                     order by u.value limit 1)`
               : tx`null`
           } as "userId"
    from unnest(${wanted.map((i) => i.workspace)}::text[], ${wanted.map((i) => i.type)}::text[],
                ${wanted.map((i) => i.value)}::text[]) as w(workspace, type, value)
    join identities i using (workspace, type, value)`;
}

/**
 * Binds identities to customers, in one order everywhere, so that two batches can't wait for each other. Returns
 * those that were bound; the others have been bound by somebody else meanwhile and must be read again.
 */
export async function bindIdentities(tx: Tx, bindings: KnownIdentity[]): Promise<KnownIdentity[]> {
  const key = (i: Identity) => `${i.workspace}\u0001${i.type}\u0001${i.value}`;
  const sorted = [...bindings].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return tx<KnownIdentity[]>`
    insert into identities (workspace, type, value, customer_id)
    select * from unnest(${sorted.map((i) => i.workspace)}::text[], ${sorted.map((i) => i.type)}::text[],
                         ${sorted.map((i) => i.value)}::text[], ${sorted.map((i) => i.customerId)}::text[])
    on conflict do nothing
    returning workspace, type, value, customer_id as "customerId"`;
}
