import type { Tx } from '../client.ts';

/** How far the customer's journey has processed the log, and its journey time. */
export async function readProcessedPosition(
  tx: Tx,
  customerId: string,
): Promise<{ processedSeq: number; lastNow: number }> {
  const [row] = await tx<{ processedSeq: number; lastNow: number }[]>`
    select coalesce((select processed_seq from wakes where customer_id = ${customerId}), 0) as "processedSeq",
           coalesce((select last_now from journeys where customer_id = ${customerId}), 0) as "lastNow"`;
  return row ?? { processedSeq: 0, lastNow: 0 };
}
