import { normaliseEmailAddress } from '../../src/domain/customer/email-address.ts';
import type { Trait } from '../../src/domain/customer/profile.ts';
import type { Tx } from '../client.ts';

/**
 * The e-mail address whose reader counts as the customer: the one by which they have been known for the longest time.
 * An address that only a browser key has stated is none for a customer with a user id, because anybody can state it.
 */
export async function readProofAddress(tx: Tx, customerId: string): Promise<string | null> {
  const [row] = await tx<{ first: string | null; current: Trait | null; isUser: boolean }[]>`
    select (select value from identities where customer_id = c.id and type = 'email'
            order by created_at, value limit 1) as first,
           c.profile #> '{traits,email}' as current,
           exists (select 1 from identities where customer_id = c.id and type = 'user') as "isUser"
    from customers c where c.id = ${customerId}`;
  if (!row) return null;
  if (row.first !== null) return row.first;
  if (row.current?.unproven && row.isUser) return null;
  return normaliseEmailAddress(row.current?.value) ?? null;
}
