import { ACCOUNT_SOURCE } from '../../src/domain/event.ts';
import type { Note } from '../../src/domain/note.ts';
import { parseInstant } from '../../src/domain/time/read-time.ts';
import type { Tx } from '../client.ts';
import { addMonths, monthOf, startOf } from '../partitions/months.ts';
import { acceptedWithin, type MonthSpan } from '../partitions/recent.ts';

export interface LatestEvent {
  id: string;
  messageId: string;
  customerId: string;
  /** A user id of the customer. */
  userId: string | null;
  name: string;
  source: string;
  type: string;
  at: number;
  acceptedAt: number;
  historical: boolean;
  repeats: string | null;
  properties: Record<string, unknown>;
  notes: Note[] | null;
  /** `acceptedAt` for the cursor: exact to the microsecond. */
  wall: string;
}

export interface LatestEventsQuery {
  workspace: string;
  limit: number;
  before: Place | null;
  name: string | null;
  source: string | null;
  /** A customer with all ids that were merged into it; null: anybody. */
  customerIds: string[] | null;
}

/** Where a list continues. */
export interface Place {
  wall: string;
  id: string;
}

/** Events that a page looks through at most, so that it costs little however rare what it looks for is. */
export const MOST_EXAMINED = 2_000;

/**
 * The last accepted events, newest first, without echoes of other members of an account. It reads month by month from the
 * newest on, each span twice as long as the one before, so that old months cost nothing while the newest have enough.
 *
 * @returns at most `limit` events, and where to go on; null: there are no more
 */
export async function viewLatestEvents(
  tx: Tx,
  query: LatestEventsQuery,
): Promise<{ events: LatestEvent[]; next: Place | null }> {
  const events: LatestEvent[] = [];
  let until = addMonths(monthOf(Math.min(Date.now(), query.before ? toMillis(query.before) : Date.now())), 1);
  let oldest: number | null = null;
  for (let span = 1; ; span *= 2) {
    const from = addMonths(until, -span);
    const missing = query.limit + 1 - events.length;
    const found = await readSpan(tx, query, { from, until }, missing);
    events.push(...found.events);
    if (events.length > query.limit) {
      const page = events.slice(0, query.limit);
      return { events: page, next: page.at(-1) ?? null };
    }
    if (found.lastExamined) return { events, next: found.lastExamined };
    oldest ??= (await readOldest(tx, query.workspace)) ?? Number.MAX_SAFE_INTEGER;
    if (startOf(from) <= oldest) return { events, next: null };
    until = from;
  }
}

/** As Postgres writes it: `2026-11-28 18:47:53.123+00`. */
const toMillis = ({ wall }: Place) => parseInstant(wall);

/** When the oldest event of the workspace was accepted; null: there is none. */
async function readOldest(tx: Tx, workspace: string): Promise<number | null> {
  const [row] = await tx<{ at: number }[]>`
    select (extract(epoch from accepted_at) * 1000)::bigint as at
    from events where workspace = ${workspace} order by accepted_at limit 1`;
  return row?.at ?? null;
}

/** @returns `lastExamined`: where a span that was not looked through to its end goes on */
async function readSpan(
  tx: Tx,
  query: LatestEventsQuery,
  span: MonthSpan,
  limit: number,
): Promise<{ events: LatestEvent[]; lastExamined: Place | null }> {
  const { name, source } = query;
  const events = await tx<LatestEvent[]>`
    select e.id, e.message_id as "messageId", e.customer_id as "customerId", e.name, e.source, e.type,
      (extract(epoch from e.at) * 1000)::bigint as at,
      (extract(epoch from e.accepted_at) * 1000)::bigint as "acceptedAt", e.historical, e.repeats,
      coalesce(e.body -> 'properties', '{}') as properties, e.notes, e.accepted_at::text as wall,
      (select value from identities i where i.customer_id = e.customer_id and i.type = 'user'
       order by value limit 1) as "userId"
    from (${examined(tx, query, span)} limit ${MOST_EXAMINED}) e
    where e.source <> ${ACCOUNT_SOURCE} and (${name}::text is null or e.name = ${name})
      and (${source}::text is null or e.source = ${source})
    order by e.accepted_at desc, e.id desc limit ${limit}`;
  if (events.length === limit) return { events, lastExamined: null };
  const [last] = await tx<Place[]>`
    select e.accepted_at::text as wall, e.id
    from (${examined(tx, query, span)} offset ${MOST_EXAMINED - 1} limit 1) e`;
  return { events, lastExamined: last ?? null };
}

/** Events in the order of the list. A customer's are collected first: theirs are few among those of a month. */
function examined(tx: Tx, { workspace, customerIds, before }: LatestEventsQuery, span: MonthSpan) {
  const isHere = tx`e.workspace = ${workspace} and ${acceptedWithin(tx, span)}
    ${before === null ? tx`` : tx`and (e.accepted_at, e.id) < (${before.wall}::text::timestamptz, ${before.id})`}`;
  const order = tx`order by e.accepted_at desc, e.id desc`;
  if (customerIds === null) return tx`select * from events e where ${isHere} ${order}`;
  return tx`
    with own as materialized (select * from events e where e.customer_id = any(${customerIds}) and ${isHere})
    select * from own e ${order}`;
}
