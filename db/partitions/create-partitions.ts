import type { Sql, Tx } from '../client.ts';
import { addMonths, type Month, monthOf, partitionName } from './months.ts';
import { PARTITIONED, type PartitionedTable } from './tables.ts';

/** Months that have a partition ahead of time: this one and the next two. */
const AHEAD = 3;

/** Rows that are moved out of the default partition at most. A month with more keeps them there. */
const MOST_MOVED = 20_000;

/** Time that writers wait for at most, until the partition is created in a later call. */
const LOCK_MS = 500;

/**
 * Creates the partitions of this month and the next two where they are missing. Rows that were accepted meanwhile are in
 * the default partition, and move. Any number of processes may call it at once.
 *
 * @returns the partitions that were created
 */
export async function createPartitions(sql: Sql): Promise<string[]> {
  const created: string[] = [];
  const [row] = await sql<{ now: number }[]>`select (extract(epoch from now()) * 1000)::bigint as now`;
  const current = monthOf(row?.now ?? 0);
  for (const month of Array.from({ length: AHEAD }, (_, n) => addMonths(current, n)))
    for (const { table, time } of PARTITIONED) {
      const name = partitionName(table, month);
      if (await exists(sql, name)) continue;
      if (await sql.begin((tx) => createPartition(tx, table, time, month))) created.push(name);
    }
  return created;
}

async function exists(tx: Tx, name: string): Promise<boolean> {
  // Not to_regclass: it may remember that there was none before this transaction had the lock.
  const [row] = await tx<{ found: boolean }[]>`
    select exists (select from pg_class where relname = ${name} and relnamespace = 'public'::regnamespace) as found`;
  return row?.found ?? false;
}

/** Creates one partition, unless another process was faster or too many rows would have to move. */
export async function createPartition(
  tx: Tx,
  table: PartitionedTable,
  time: string,
  month: Month,
): Promise<boolean> {
  const name = partitionName(table, month);
  const from = `${month}-01T00:00:00Z`;
  const to = `${addMonths(month, 1)}-01T00:00:00Z`;
  await tx`select pg_advisory_xact_lock(hashtext('throughline partitions'))`;
  if (await exists(tx, name)) return false;
  await tx.unsafe(`set local lock_timeout = ${LOCK_MS}`);
  const isInMonth = `kept = 0 and ${time} >= '${from}' and ${time} < '${to}'`;
  const waiting = `select 1 from ${table}_default where ${isInMonth} limit ${MOST_MOVED + 1}`;
  const [rows] = await tx.unsafe<{ count: number }[]>(`select count(*) from (${waiting}) t`);
  if ((rows?.count ?? 0) > MOST_MOVED) return false;
  await tx.unsafe(`lock table ${table}_default in access exclusive mode`);
  await tx.unsafe(`create table ${name} (like ${table} including defaults including constraints)`);
  await tx.unsafe(`
    with moved as (delete from ${table}_default where ${isInMonth} returning *)
    insert into ${name} select * from moved`);
  // Only the default partition is locked against others, and it has next to no rows to look through.
  await tx.unsafe(
    `alter table ${table} attach partition ${name} for values from (0, '${from}') to (0, '${to}')`,
  );
  return true;
}
