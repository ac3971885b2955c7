import type { Tx } from '../client.ts';

/**
 * When the erasure was completed, including the histories in Temporal; null while the relay still deletes them, or if
 * no erasure was requested.
 */
export async function viewErasureDone(tx: Tx, customerIds: string[]): Promise<number | null> {
  const [row] = await tx<{ done: number | null }[]>`
    select case when count(*) > 0 and bool_and(done_at is not null)
                then (extract(epoch from max(done_at)) * 1000)::bigint end as done
    from erasures where customer_id = any(${customerIds})`;
  return row?.done ?? null;
}
