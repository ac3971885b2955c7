import type { Tx } from '../client.ts';

/** What waits to be done. Ages are in milliseconds, 0 where nothing waits. */
export interface LagFacts {
  /** Customers with events that were not processed, without those that are parked. */
  waitingCustomers: number;
  /** Age of the oldest of these events, of a sample. */
  oldestEventMs: number;
  /** Journeys whose wake-up is overdue by more than a minute. */
  overdueWakeUps: number;
  oldestWakeUpMs: number;
  /** Events of decisions that are not in the log. */
  outboxEvents: number;
  oldestOutboxMs: number;
}

/** Deliveries of a channel that did not move for five minutes. */
export interface StandingDeliveries {
  channel: string;
  state: string;
  deliveries: number;
}

/** Customers whose decisions are given up for now, by reason. */
export interface ParkedFacts {
  workspace: string;
  reason: string;
  customers: number;
  oldestMs: number;
}

/** Enrollments that the engine gave up on, by journey and reason. */
export interface PoisonedEnrollments {
  workspace: string;
  journey: string;
  reason: string;
  enrollments: number;
}

const SAMPLE = 500;

/** Reads how far the work is behind. */
export async function readLag(tx: Tx): Promise<LagFacts> {
  const [row] = await tx<LagFacts[]>`
    with waiting as (
      select customer_id, processed_seq from wakes
      where requested_seq > processed_seq and (parked_until is null or parked_until < clock_timestamp())),
    oldest as (
      select min(e.accepted_at) as at from (select * from waiting limit ${SAMPLE}) w
      cross join lateral (
        select accepted_at from events where customer_id = w.customer_id and seq > w.processed_seq
        order by seq limit 1) e),
    overdue as (
      select count(*)::int as n, min(wake_at) as at from journeys
      where wake_at < extract(epoch from clock_timestamp() - interval '1 minute') * 1000),
    outgoing as (select count(*)::int as n, min(at) as at from outbox)
    select (select count(*)::int from waiting) as "waitingCustomers",
           coalesce((extract(epoch from clock_timestamp() - oldest.at) * 1000)::bigint, 0) as "oldestEventMs",
           overdue.n as "overdueWakeUps",
           coalesce((extract(epoch from clock_timestamp()) * 1000 - overdue.at)::bigint, 0) as "oldestWakeUpMs",
           outgoing.n as "outboxEvents",
           coalesce((extract(epoch from clock_timestamp() - outgoing.at) * 1000)::bigint, 0) as "oldestOutboxMs"
    from oldest, overdue, outgoing`;
  return row as LagFacts;
}

/** Due deliveries that do not move. */
export async function readStandingDeliveries(tx: Tx): Promise<StandingDeliveries[]> {
  return await tx<StandingDeliveries[]>`
    select channel, state, count(*)::int as deliveries from deliveries
    where state in ('planned', 'sending')
      and coalesce(lease_until, updated_at) < clock_timestamp() - interval '5 minutes'
      and at <= extract(epoch from clock_timestamp()) * 1000
    group by 1, 2 order by 1, 2`;
}

/** Customers who are parked. */
export async function readParked(tx: Tx): Promise<ParkedFacts[]> {
  return await tx<ParkedFacts[]>`
    select workspace, state #>> '{poison,reason}' as reason, count(*)::int as customers,
           (extract(epoch from clock_timestamp()) * 1000 - min((state #>> '{poison,since}')::bigint))::bigint
             as "oldestMs"
    from journeys where state ? 'poison' group by 1, 2 order by 3 desc, 1, 2`;
}

/** Enrollments that were given up. */
export async function readPoisonedEnrollments(tx: Tx): Promise<PoisonedEnrollments[]> {
  return await tx<PoisonedEnrollments[]>`
    select j.workspace, e ->> 'journey' as journey, coalesce(e #>> '{status,reason}', 'unknown') as reason,
           count(*)::int as enrollments
    from journeys j cross join jsonb_array_elements(j.state -> 'enrollments') e
    where e #>> '{status,kind}' = 'poison' group by 1, 2, 3 order by 4 desc, 1, 2, 3 limit 20`;
}
