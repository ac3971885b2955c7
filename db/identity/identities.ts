import type { Tx } from '../client.ts';
import { insertRows, type Row } from '../columns.ts';
import { identities } from '../schema.ts';

/** `origin`: the customer that it was bound to before a merge. */
const COLUMNS = ['workspace', 'type', 'value', 'customerId', 'origin'] as const;

export type BoundIdentity = Row<typeof identities, (typeof COLUMNS)[number]>;
export type Identity = Pick<BoundIdentity, 'workspace' | 'type' | 'value'>;

/** An identity with the details of its customer that the caller requested. */
export type ResolvedIdentity = BoundIdentity & {
  userId: string | null;
  accountId: string | null;
  personKey: string | null;
};

/** Details to read with identities. Each makes the query slower, so callers request only what they need. */
export interface IdentityDetails {
  /** The user id that is bound to the customer. */
  userIds: boolean;
  /** The customer's account and person key. */
  subjects: boolean;
}

/** The customers that these identities are bound to. */
export async function findIdentities(
  tx: Tx,
  wanted: Identity[],
  details: IdentityDetails,
): Promise<ResolvedIdentity[]> {
  return tx<ResolvedIdentity[]>`
    select i.workspace, i.type, i.value, i.customer_id as "customerId", i.origin,
           ${
             details.userIds
               ? tx`(select u.value from identities u where u.customer_id = i.customer_id and u.type = 'user'
                     order by u.value limit 1)`
               : tx`null`
           } as "userId",
           ${details.subjects ? tx`c.account_id` : tx`null`} as "accountId",
           ${details.subjects ? tx`c.person_key` : tx`null`} as "personKey"
    from unnest(${wanted.map((identity) => identity.workspace)}::text[],
      ${wanted.map((identity) => identity.type)}::text[],
                ${wanted.map((identity) => identity.value)}::text[]) as w(workspace, type, value)
    join identities i using (workspace, type, value)
    ${details.subjects ? tx`left join customers c on c.id = i.customer_id` : tx``}`;
}

/**
 * Binds identities to customers, in sorted order, so that two batches cannot deadlock. Returns those that were bound.
 * Another transaction has bound the others meanwhile; the caller must read them again.
 */
export async function bindIdentities(tx: Tx, bindings: BoundIdentity[]): Promise<Identity[]> {
  const key = (i: Identity) => `${i.workspace}\u0001${i.type}\u0001${i.value}`;
  const sorted = [...bindings].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return tx<Identity[]>`
    ${insertRows(tx, identities, COLUMNS, sorted)}
    on conflict do nothing
    returning workspace, type, value`;
}

/** The identities that are bound to these customers. */
export async function readIdentitiesOf(tx: Tx, customerIds: string[]): Promise<Identity[]> {
  return tx<Identity[]>`
    select workspace, type, value from identities where customer_id = any(${customerIds}) order by type, value`;
}

/** Whether an address identifies another customer than this one. */
export async function isAddressOfOther(
  tx: Tx,
  { workspace, customerId, address }: { workspace: string; customerId: string; address: string },
): Promise<boolean> {
  const rows = await tx`
    select from identities
    where workspace = ${workspace} and type in ('email', 'phone') and value = ${address}
      and customer_id <> ${customerId}`;
  return rows.length > 0;
}
