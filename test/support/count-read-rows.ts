import type { Database, Tx } from '../../db/client.ts';

/** Rows and entries of indexes that Postgres read of the product's tables. */
async function readCounters(tx: Tx): Promise<number> {
  const [row] = await tx<{ rows: number }[]>`
    select coalesce(sum(pg_stat_get_xact_tuples_returned(oid)), 0)::bigint as rows
    from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'i')`;
  return Number(row?.rows ?? 0);
}

/**
 * Counts the rows that a query reads of tables and indexes, whether it returns them or not: what a query costs grows with
 * them. Postgres counts by transaction, and this one is rolled back.
 */
export async function countReadRows({ sql }: Database, query: (tx: Tx) => Promise<unknown>): Promise<number> {
  let rows = 0;
  const undone = new Error('counted');
  await sql
    .begin(async (tx) => {
      const before = await readCounters(tx);
      await query(tx);
      rows = (await readCounters(tx)) - before;
      throw undone;
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error;
    });
  return rows;
}
