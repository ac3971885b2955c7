import type { Tx } from '../client.ts';
import { acceptedSince } from '../partitions/recent.ts';

/** An event that conditions count within a time, and since when. */
export interface EventWindow {
  name: string;
  /** Milliseconds since 1970. */
  since: number;
  /** The same by the wall clock: events that happened since `since` were accepted since then. */
  acceptedSince: number;
}

/** Times of one event that are kept at most. */
export const KEPT_TIMES = 1_000;

/**
 * When the customer's counted events happened, ascending, by name: a JSON expression over `c`, a row of `customers`. An
 * account's echo of another member's event is not counted.
 */
export function eventHistoryJson(tx: Tx, windows: EventWindow[]) {
  if (windows.length === 0) return tx`'{}'::json`;
  const since = Math.min(...windows.map((window) => window.acceptedSince));
  return tx`(select coalesce(json_object_agg(x.name, times.at order by x.name), '{}')
     from json_to_recordset(${JSON.stringify(windows)}::text::json) as x(name text, since bigint)
     cross join lateral (
       select coalesce(json_agg(at order by at), '[]') as at from (
         select (extract(epoch from e.at) * 1000)::bigint as at from events e
         where e.customer_id = c.id and e.name = x.name and e.source <> 'account' and e.repeats is null
           and e.at > to_timestamp(x.since / 1000.0) and ${acceptedSince(tx, since)}
         order by e.at desc limit ${KEPT_TIMES}) newest) times)`;
}

/** The same for one customer. */
export async function readEventHistory(
  tx: Tx,
  customerId: string,
  windows: EventWindow[],
): Promise<Record<string, number[]>> {
  if (windows.length === 0) return {};
  const [row] = await tx<{ history: Record<string, number[]> }[]>`
    select ${eventHistoryJson(tx, windows)} as history from customers c where c.id = ${customerId}`;
  return row?.history ?? {};
}
