import type { Sql } from '../../../db/client.ts';

/** The customers of a run. */
export interface FeedCustomerSet {
  ids: string[];
  /** The database's time before the first event was sent, in its own text form. */
  since: string;
}

/** One customer's events and amounts in the log, after a run. */
export interface LoggedCustomer {
  userId: string;
  events: number;
  cents: number;
  /** The amount spent according to the profile; null if it also includes orders of another run. */
  spentCents: number | null;
}

/** Counts of what a run caused, by kind. */
export interface FeedOutcome {
  journeys: number;
  entered: number;
  decisions: { outcome: string; count: number }[];
  deliveries: { state: string; count: number }[];
}

/** The database's time, in its own text form. */
export async function readDatabaseTime(sql: Sql): Promise<string> {
  const [row] = await sql<{ now: string }[]>`select clock_timestamp()::text as now`;
  return row?.now ?? '';
}

/** The ids of a run's customers, from the table of message ids. */
export async function readCustomerIds(sql: Sql, prefix: string): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select distinct customer_id as id from message_ids where starts_with(message_id, ${prefix})`;
  return rows.map((row) => row.id);
}

/** Counts the customers whose log is processed and who have no effect under way. */
export async function countSettled(sql: Sql, ids: string[]): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count from wakes w
    where w.customer_id = any(${ids}) and w.requested_seq <= w.processed_seq
      and not exists (
        select from deliveries d where d.customer_id = w.customer_id
          and (d.state = 'sending'
            or (d.state = 'planned' and d.at <= (extract(epoch from statement_timestamp()) * 1000)::bigint)))
      and not exists (select from agent_tasks t where t.customer_id = w.customer_id and t.state = 'planned')`;
  return row?.count ?? 0;
}

/** Reads the events of a run from the log: per customer, in cents. */
export async function readLoggedCustomers(
  sql: Sql,
  ids: string[],
  prefix: string,
): Promise<LoggedCustomer[]> {
  return sql<LoggedCustomer[]>`
    select i.value as "userId", t.events, t.cents,
      case when t.others = 0
        then (select coalesce(sum(round(value::numeric)), 0)::bigint from jsonb_each_text(c.profile -> 'spend')) end as "spentCents"
    from (
      select customer_id,
        count(*) filter (where starts_with(message_id, ${prefix})) as events,
        coalesce(sum(round((body -> 'properties' ->> 'revenue')::numeric * 100))
          filter (where starts_with(message_id, ${prefix})), 0)::bigint as cents,
        count(*) filter (where name = 'Order Completed' and not starts_with(message_id, ${prefix})) as others
      from events where customer_id = any(${ids}) group by customer_id
    ) t
    join customers c on c.id = t.customer_id
    join identities i on i.customer_id = t.customer_id and i.type = 'user'`;
}

/** The first events of a run that were refused, with the reasons. */
export async function readRejectedEvents(
  sql: Sql,
  prefix: string,
): Promise<{ messageId: string; reason: string }[]> {
  return sql<{ messageId: string; reason: string }[]>`
    select message_id as "messageId", reason from rejected
    where starts_with(message_id, ${prefix}) order by at, id limit 3`;
}

/** Counts what the journeys of the run's customers did since it began. */
export async function readOutcome(sql: Sql, { ids, since }: FeedCustomerSet): Promise<FeedOutcome> {
  const [counts] = await sql<{ journeys: number; entered: number }[]>`
    select (select count(*) from journeys where customer_id = any(${ids})) as journeys,
      (select count(*) from enrollments where customer_id = any(${ids})
         and entered_at >= extract(epoch from ${since}::timestamptz) * 1000) as entered`;
  const decisions = await sql<{ outcome: string; count: number }[]>`
    select outcome, count(*) as count from decisions
    where customer_id = any(${ids}) and committed_at >= ${since} group by outcome order by outcome`;
  const deliveries = await sql<{ state: string; count: number }[]>`
    select state, count(*) as count from deliveries
    where customer_id = any(${ids}) and created_at >= ${since} group by state order by state`;
  return {
    journeys: counts?.journeys ?? 0,
    entered: counts?.entered ?? 0,
    decisions: [...decisions],
    deliveries: [...deliveries],
  };
}
