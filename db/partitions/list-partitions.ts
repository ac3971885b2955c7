import type { Tx } from '../client.ts';
import type { Month } from './months.ts';
import type { PartitionedTable } from './tables.ts';

/** The months of a table that have a partition, oldest first. */
export async function listMonths(tx: Tx, table: PartitionedTable): Promise<Month[]> {
  const rows = await tx<{ month: string }[]>`
    select replace(right(c.relname, 7), '_', '-') as month
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = ${`public.${table}`}::text::regclass and c.relname ~ ${`^${table}_[0-9]{4}_[0-9]{2}$`}
    order by 1`;
  return rows.map(({ month }) => month);
}
