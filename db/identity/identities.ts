import type { Tx } from '../client.ts';

export interface Identity {
  workspace: string;
  type: 'user' | 'anon' | 'email' | 'phone' | 'external';
  value: string;
}

export type BoundIdentity = Identity & {
  customerId: string;
  /** Customer that it was bound to before a merge. */
  origin: string | null;
};

/** One that was found, and what was asked for about its customer. */
export type ResolvedIdentity = BoundIdentity & {
  userId: string | null;
  accountId: string | null;
  personKey: string | null;
};

/** What to read along with identities. Each costs something, so it is read only where it matters. */
export interface IdentityDetails {
  /** Which user id is bound to the customer. */
  userIds: boolean;
  /** The customer's account, and the keyed hash of their address. */
  subjects: boolean;
}

/** Who is known under these identities. */
export async function findIdentities(
  tx: Tx,
  wanted: Identity[],
  along: IdentityDetails,
): Promise<ResolvedIdentity[]> {
  return tx<ResolvedIdentity[]>`
    select i.workspace, i.type, i.value, i.customer_id as "customerId", i.origin,
           ${
             along.userIds
               ? tx`(select u.value from identities u where u.customer_id = i.customer_id and u.type = 'user'
                     order by u.value limit 1)`
               : tx`null`
           } as "userId",
           ${along.subjects ? tx`c.account_id as "accountId", c.person_key as "personKey"` : tx`null as "accountId", null as "personKey"`}
    from unnest(${wanted.map((i) => i.workspace)}::text[], ${wanted.map((i) => i.type)}::text[],
                ${wanted.map((i) => i.value)}::text[]) as w(workspace, type, value)
    join identities i using (workspace, type, value)
    ${along.subjects ? tx`left join customers c on c.id = i.customer_id` : tx``}`;
}

/**
 * Binds identities to customers, in one order everywhere, so that two batches can't wait for each other. Returns
 * those that were bound; the others have been bound by somebody else meanwhile and must be read again.
 */
export async function bindIdentities(tx: Tx, bindings: BoundIdentity[]): Promise<Identity[]> {
  const key = (i: Identity) => `${i.workspace}\u0001${i.type}\u0001${i.value}`;
  const sorted = [...bindings].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return tx<Identity[]>`
    insert into identities (workspace, type, value, customer_id, origin)
    select * from unnest(${sorted.map((i) => i.workspace)}::text[], ${sorted.map((i) => i.type)}::text[],
                         ${sorted.map((i) => i.value)}::text[], ${sorted.map((i) => i.customerId)}::text[],
                         ${sorted.map((i) => i.origin)}::text[])
    on conflict do nothing
    returning workspace, type, value`;
}
