import type { Tx } from '../client.ts';
import { committedSince } from '../partitions/recent.ts';

/** Customers that are looked at. One that waits for long enough is enough. */
const SAMPLE = 50;

/**
 * Whether customers have waited for a decision for `ms`, and no customer got one in this time. A backlog is no stall:
 * then others are decided.
 */
export async function findStall(tx: Tx, ms: number): Promise<boolean> {
  const [row] = await tx<{ stalled: boolean }[]>`
    select exists (
      select 1 from (
        select customer_id, processed_seq from wakes
        where requested_seq > processed_seq and parked_until is null limit ${SAMPLE}) w
      cross join lateral (
        select accepted_at from events e where e.customer_id = w.customer_id and e.seq > w.processed_seq
        order by e.seq limit 1) oldest
      where oldest.accepted_at < statement_timestamp() - ${ms}::bigint * interval '1 millisecond')
    and not exists (
      select 1 from decisions
      where at > (extract(epoch from statement_timestamp()) * 1000)::bigint - ${ms}::bigint and kind = 'journey'
        and ${committedSince(tx, Date.now())}) as stalled`;
  return row?.stalled ?? false;
}
