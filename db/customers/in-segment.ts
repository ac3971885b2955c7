import type { Tx } from '../client.ts';

/** Ids of the customers who are in a segment that the entry of a journey uses, in SQL. */
export function selectInSegment(tx: Tx, workspace: string, segment: string): ReturnType<Tx> {
  // Written as the index `journeys_segments` is, which has those who are in any.
  return tx`
    select customer_id from journeys where workspace = ${workspace}
      and jsonb_path_exists(state, '$.segments.* ? (@.inside == true)')
      and jsonb_path_query_array(state, '$.segments.keyvalue() ? (@.value.inside == true).key') ? ${segment}`;
}
