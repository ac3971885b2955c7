import type { Tx } from '../client.ts';
import { listMonths } from './list-partitions.ts';
import type { Month } from './months.ts';
import { PARTITIONED, type PartitionedTable } from './tables.ts';

/** What is kept of a table in partitions. */
export interface StoredMonths {
  table: PartitionedTable;
  /** Months with a partition, the oldest and the newest of them. */
  months: number;
  oldest: Month | null;
  newest: Month | null;
  /** Milliseconds; null: nothing was dropped yet. */
  keptSince: number | null;
  /** The partition that is being prepared to be dropped; null: none is. */
  dropping: string | null;
}

/** What is kept of each table in partitions. */
export async function readStorage(tx: Tx): Promise<StoredMonths[]> {
  const rows = await tx<{ name: string; keptSince: number | null; dropping: string | null }[]>`
    select name, (extract(epoch from kept_since) * 1000)::bigint as "keptSince", partition as dropping from retention`;
  const tables: StoredMonths[] = [];
  for (const { table } of PARTITIONED) {
    const months = await listMonths(tx, table);
    const { keptSince = null, dropping = null } = rows.find(({ name }) => name === table) ?? {};
    const [oldest = null] = months;
    tables.push({ table, months: months.length, oldest, newest: months.at(-1) ?? null, keptSince, dropping });
  }
  return tables;
}
