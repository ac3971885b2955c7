import type { Tx } from '../client.ts';

export interface HistoryItem {
  seq: number;
  at: number;
  name: string;
  source: string;
  properties: Record<string, unknown>;
}

/** The newest events of a customer, newest first, for the case of an agent task. */
export async function readNewestEvents(tx: Tx, customerId: string, limit: number): Promise<HistoryItem[]> {
  return tx<HistoryItem[]>`
    select seq, (extract(epoch from at) * 1000)::bigint as at, name, source, body -> 'properties' as properties
    from events where customer_id = ${customerId} order by seq desc limit ${limit}`;
}
