import type { Trait } from '../../src/domain/customer/profile.ts';
import type { Tx } from '../client.ts';

/** What is known of a customer's addresses and ids of other systems. */
export interface KnownAddresses {
  customerId: string;
  /** One of them is bound to the customer: a server has stated it. */
  isBound: boolean;
  email: Trait | null;
  phone: Trait | null;
}

/** What is known of these customers, as last committed. Nothing is locked. */
export async function readKnownAddresses(tx: Tx, customerIds: string[]): Promise<KnownAddresses[]> {
  return tx<KnownAddresses[]>`
    select c.id as "customerId", c.profile #> '{traits,email}' as email, c.profile #> '{traits,phone}' as phone,
           exists (select 1 from identities i
                   where i.customer_id = c.id and i.type in ('email', 'phone', 'external')) as "isBound"
    from customers c where c.id = any(${customerIds})`;
}

/** The customer for whom the address was stated last, by any sender; null if no customer has it. */
export async function findByStatedEmail(tx: Tx, workspace: string, email: string): Promise<string | null> {
  const [row] = await tx<{ id: string }[]>`
    select id from customers
    where workspace = ${workspace} and email = ${email} and merged_into is null and erased_at is null
    order by (profile #>> '{traits,email,at}')::bigint desc, id desc limit 1`;
  return row?.id ?? null;
}
