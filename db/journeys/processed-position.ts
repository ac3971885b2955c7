import type { Tx } from '../client.ts';

/** How far a customer's journey has taken the log, and how late it is there. */
export async function readProcessedPosition(
  tx: Tx,
  customerId: string,
): Promise<{ tookSeq: number; lastNow: number }> {
  const [row] = await tx<{ tookSeq: number; lastNow: number }[]>`
    select coalesce((select took_seq from wakes where customer_id = ${customerId}), 0) as "tookSeq",
           coalesce((select last_now from journeys where customer_id = ${customerId}), 0) as "lastNow"`;
  return row ?? { tookSeq: 0, lastNow: 0 };
}
