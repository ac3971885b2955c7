import { SECOND } from '../../src/domain/time/time.ts';
import type { Tx } from '../client.ts';
import { readOverdueJourneys, readWaitingCustomers } from '../maintenance/backlog.ts';

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
  /** Changes that are not counted for the reports, and the age of the oldest complete count. */
  uncounted: number;
  oldestCountMs: number;
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

/** Rows that one query looks at, at most. As many mean at least as many. */
const MOST = 20_000;

/** Reads how far the work is behind, by the queries of the metrics. */
export async function readLag(tx: Tx): Promise<LagFacts> {
  const waiting = await readWaitingCustomers(tx);
  const overdue = await readOverdueJourneys(tx);
  const [outgoing] = await tx<{ events: number; oldestMs: number }[]>`
    select count(*) as events, coalesce(extract(epoch from clock_timestamp() - min(at)) * 1000, 0)::bigint as "oldestMs"
    from (select at from outbox order by at limit ${MOST}) waiting`;
  const [counting] = await tx<{ changes: number; oldestMs: number }[]>`
    select count(*) as changes,
      coalesce(extract(epoch from clock_timestamp() - min(coalesce(c.counted_at, w.created_at))) * 1000, 0)::bigint
        as "oldestMs"
    from (select workspace from report_changes limit ${MOST}) q
    join workspaces w on w.id = q.workspace and w.config_version > 0
    left join report_counts c on c.workspace = w.id`;
  return {
    waitingCustomers: waiting.count,
    oldestEventMs: Math.max(0, waiting.oldestSeconds * SECOND),
    overdueWakeUps: overdue.count,
    oldestWakeUpMs: overdue.oldestSeconds * SECOND,
    outboxEvents: outgoing?.events ?? 0,
    oldestOutboxMs: outgoing?.oldestMs ?? 0,
    uncounted: counting?.changes ?? 0,
    oldestCountMs: counting?.oldestMs ?? 0,
  };
}

/** Due deliveries that do not move. */
export async function readStandingDeliveries(tx: Tx): Promise<StandingDeliveries[]> {
  return await tx<StandingDeliveries[]>`
    select channel, state, count(*)::int as deliveries from (
      (select channel, state, at, updated_at as moved from deliveries
       where state = 'planned' order by updated_at limit ${MOST})
      union all
      (select channel, state, at, coalesce(lease_until, updated_at) as moved from deliveries
       where state = 'sending' order by lease_until limit ${MOST})) open
    where moved < statement_timestamp() - interval '5 minutes' and at <= (extract(epoch from statement_timestamp()) * 1000)::bigint
    group by 1, 2 order by 1, 2`;
}

/** Customers who are parked, of one workspace or all. */
export async function readParked(tx: Tx, workspace: string | null = null): Promise<ParkedFacts[]> {
  return await tx<ParkedFacts[]>`
    select workspace, state #>> '{poison,reason}' as reason, count(*)::int as customers,
           (extract(epoch from clock_timestamp()) * 1000 - min((state #>> '{poison,since}')::bigint))::bigint
             as "oldestMs"
    from (
      select workspace, state from journeys
      where state ? 'poison' and (${workspace}::text is null or workspace = ${workspace}) limit ${MOST}) parked
    group by 1, 2 order by 3 desc, 1, 2 limit 50`;
}

/** Enrollments that were given up. */
export async function readPoisonedEnrollments(tx: Tx): Promise<PoisonedEnrollments[]> {
  return await tx<PoisonedEnrollments[]>`
    select j.workspace, e ->> 'journey' as journey, coalesce(e #>> '{status,reason}', 'unknown') as reason,
           count(*)::int as enrollments
    from journeys j cross join jsonb_array_elements(j.state -> 'enrollments') e
    where e #>> '{status,kind}' = 'poison' group by 1, 2, 3 order by 4 desc, 1, 2, 3 limit 20`;
}
