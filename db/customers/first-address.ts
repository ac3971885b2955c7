import type { Tx } from '../client.ts';

/** The e-mail address by which this customer has been known for the longest time. */
export async function readFirstAddress(tx: Tx, customerId: string): Promise<string | undefined> {
  const [row] = await tx<{ value: string }[]>`
    select value from identities where customer_id = ${customerId} and type = 'email'
    order by created_at, value limit 1`;
  return row?.value;
}
