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

/** The newest event of a customer with one of these names, as an enrollment keeps it; null if there is none. */
export async function readNewestOf(
  tx: Tx,
  customerId: string,
  names: string[],
): Promise<(Omit<HistoryItem, 'source'> & { id: string }) | null> {
  if (names.length === 0) return null;
  const [row] = await tx<(Omit<HistoryItem, 'source'> & { id: string })[]>`
    select id, seq, (extract(epoch from at) * 1000)::bigint as at, name, body -> 'properties' as properties
    from events where customer_id = ${customerId} and name = any(${names}) order by seq desc limit 1`;
  return row ?? null;
}
