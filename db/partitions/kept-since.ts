import type { Tx } from '../client.ts';
import type { PartitionedTable } from './tables.ts';

/** Since when rows of a table are kept: milliseconds; null: all are. Those of before are kept only if they are needed. */
export async function readKeptSince(tx: Tx, table: PartitionedTable): Promise<number | null> {
  const [row] = await tx<{ since: number | null }[]>`
    select (extract(epoch from kept_since) * 1000)::bigint as since from retention where name = ${table}`;
  return row?.since ?? null;
}
