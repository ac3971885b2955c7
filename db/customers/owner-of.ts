import type { Tx } from '../client.ts';

/** The customer whom a decision or a delivery is about, as it was recorded; null if there is no such record. */
export async function readOwnerOf(
  tx: Tx,
  workspace: string,
  record: 'decision' | 'delivery',
  id: string,
): Promise<string | null> {
  const [row] =
    record === 'decision'
      ? await tx<{ customer: string }[]>`
          select customer_id as customer from decisions where workspace = ${workspace} and id = ${id}`
      : await tx<{ customer: string }[]>`
          select customer_id as customer from deliveries where workspace = ${workspace} and id = ${id}`;
  return row?.customer ?? null;
}
