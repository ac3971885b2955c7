import type { Tx } from '../client.ts';

/** Rejected events of one reason and sender. */
export interface RejectedCount {
  code: string;
  source: string;
  count: number;
  /** Of the last hour. */
  lately: number;
  lastAt: number;
  lastReason: string;
}

/** The newest rejected events are counted, and so many of them at most. */
const MOST = 10_000;
const GROUPS = 50;

/** Counts the newest rejected events of a workspace by reason and sender, the last seen first. */
export async function countRejected(tx: Tx, workspace: string): Promise<RejectedCount[]> {
  return tx<RejectedCount[]>`
    select code, source, count(*), count(*) filter (where at > statement_timestamp() - interval '1 hour') as lately,
      (extract(epoch from max(at)) * 1000)::bigint as "lastAt", (array_agg(reason order by at desc))[1] as "lastReason"
    from (
      select code, source, at, reason from rejected where workspace = ${workspace}
      order by at desc, id desc limit ${MOST}) newest
    group by code, source order by max(at) desc, code, source limit ${GROUPS}`;
}
