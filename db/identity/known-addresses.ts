import type { Tx } from '../client.ts';

/** Which kinds of addresses and ids of other systems are known of a customer. */
export interface KnownAddresses {
  customerId: string;
  email: boolean;
  phone: boolean;
  external: boolean;
}

/** What is known of these customers, as last committed: by their identities, or as a trait. Nothing is locked. */
export async function readKnownAddresses(tx: Tx, customerIds: string[]): Promise<KnownAddresses[]> {
  const has = (type: string) =>
    tx`exists (select 1 from identities i where i.customer_id = c.id and i.type = ${type})`;
  const trait = (name: string) => tx`coalesce(c.profile #>> ${`{traits,${name},value}`}::text[], '') <> ''`;
  return tx<KnownAddresses[]>`
    select c.id as "customerId", (${has('email')} or ${trait('email')}) as email,
           (${has('phone')} or ${trait('phone')}) as phone, ${has('external')} as external
    from customers c where c.id = any(${customerIds})`;
}
