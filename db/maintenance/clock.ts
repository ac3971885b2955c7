import type { Tx } from '../client.ts';

/** The clock of Postgres, in milliseconds. */
export async function readClock(tx: Tx): Promise<number> {
  const [row] = await tx<{ now: number }[]>`
    select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`;
  return (row as { now: number }).now;
}
