import { SECOND } from '../../src/domain/time/time.ts';
import type { Tx } from '../client.ts';

/** Each query looks at so many rows at most, so that a large backlog does not make it slower still. */
const MOST_WAITING = 20_000;
const MOST_OVERDUE = 10_000;
const MOST_TASKS = 10_000;
const MOST_PARKED = 10_000;
const SAMPLE = 1_000;
/** A timer that is late by less is about to be signalled. */
const OVERDUE_MS = 60 * SECOND;

/** A number of rows, and the age of the oldest in seconds; 0 if there is none. */
interface Waiting {
  count: number;
  oldestSeconds: number;
}

/** Customers with unprocessed events who are not parked. The oldest is of a sample where there are many. */
export async function readWaitingCustomers(tx: Tx): Promise<Waiting> {
  const [row] = await tx<Waiting[]>`
    with waiting as (
      select customer_id, processed_seq from wakes
      where requested_seq > processed_seq and parked_until is null
      order by lease_until nulls first limit ${MOST_WAITING})
    select (select count(*) from waiting) as count,
      coalesce((
        select extract(epoch from clock_timestamp() - min(oldest.accepted_at))
        from (select * from waiting limit ${SAMPLE}) w
        cross join lateral (
          select accepted_at from events e where e.customer_id = w.customer_id and e.seq > w.processed_seq
          order by e.seq limit 1) oldest), 0)::float8 as "oldestSeconds"`;
  return row as Waiting;
}

/** Journeys whose timer has passed a while ago. */
export async function readOverdueJourneys(tx: Tx): Promise<Waiting> {
  const [row] = await tx<Waiting[]>`
    select count(*), coalesce(max(late), 0)::float8 as "oldestSeconds" from (
      select extract(epoch from clock_timestamp()) - wake_at / 1000.0 as late from journeys
      where wake_at < (extract(epoch from statement_timestamp()) * 1000)::bigint - ${OVERDUE_MS}::bigint
      order by wake_at limit ${MOST_OVERDUE}) overdue`;
  return row as Waiting;
}

export interface DueDeliveries extends Waiting {
  channel: string;
  state: 'planned' | 'sending';
}

/** Deliveries that are due, and those that were begun, by channel. */
export async function readDueDeliveries(tx: Tx): Promise<DueDeliveries[]> {
  return tx<DueDeliveries[]>`
    select channel, state, count(*),
      max(least(extract(epoch from clock_timestamp() - updated_at), now - at / 1000.0))::float8 as "oldestSeconds"
    from (
      (select channel, state, at, updated_at from deliveries
       where state = 'planned' order by updated_at limit ${MOST_WAITING})
      union all
      (select channel, state, at, updated_at from deliveries
       where state = 'sending' order by lease_until limit ${MOST_WAITING})) open
    cross join (select extract(epoch from clock_timestamp()) as now) clock
    where at / 1000.0 <= now
    group by channel, state`;
}

export interface OpenTasks {
  workspace: string;
  queue: string;
  state: 'planned' | 'open' | 'acknowledged';
  count: number;
}

/** Tasks that are not closed, by queue. It steps from queue to queue in the index, past all closed tasks. */
export async function countOpenTasks(tx: Tx): Promise<OpenTasks[]> {
  return tx<OpenTasks[]>`
    with recursive queues as (
      (select workspace, queue from agent_tasks order by workspace, queue limit 1)
      union all
      select next.workspace, next.queue from queues q cross join lateral (
        select workspace, queue from agent_tasks t where (t.workspace, t.queue) > (q.workspace, q.queue)
        order by workspace, queue limit 1) next)
    select q.workspace, q.queue, s.state, (
      select count(*) from (
        select 1 from agent_tasks t where t.workspace = q.workspace and t.queue = q.queue and t.state = s.state
        order by acknowledge_by, id limit ${MOST_TASKS}) open) as count
    from queues q cross join unnest(array['planned', 'open', 'acknowledged']) s(state)`;
}

/** Parked customers by workspace. */
export async function countParkedByWorkspace(tx: Tx): Promise<{ workspace: string; count: number }[]> {
  return tx<{ workspace: string; count: number }[]>`
    select workspace, count from workspaces w cross join lateral (
      select w.id as workspace, count(*) from (
        select 1 from journeys where workspace = w.id and state ? 'poison' limit ${MOST_PARKED}) parked) counted
    where count > 0`;
}

/** What loops of the relay and the counting job have still to do, by name. */
export async function readLoopBacklogs(tx: Tx): Promise<{ loop: string; oldestSeconds: number }[]> {
  return tx<{ loop: string; oldestSeconds: number }[]>`
    select loop, coalesce(greatest(0, extract(epoch from clock_timestamp() - oldest)), 0)::float8 as "oldestSeconds"
    from (values
      ('echoes', (select min(at) from fanouts)),
      ('merges', (select min(at) from merges_due)),
      ('outbox', (select min(at) from outbox)),
      -- The counts of reports: since when they are not complete, if there is something to count.
      ('counts', (select min(coalesce(c.counted_at, w.created_at)) from workspaces w
        left join report_counts c on c.workspace = w.id
        -- By the index, also where one workspace has all changes.
        where w.config_version > 0
          and (select min(q.workspace) from report_changes q where q.workspace >= w.id) = w.id)),
      ('erasures', (select min(next_at) from erasures where done_at is null))) backlog(loop, oldest)`;
}

/** The number of workspaces whose schedules do not follow the active bundle, and the size of the database. */
export async function readInstallation(tx: Tx): Promise<{ unsynced: number; bytes: number }> {
  const [row] = await tx<{ unsynced: number; bytes: number }[]>`
    select (select count(*) from workspaces where synced_version < config_version) as unsynced,
      pg_database_size(current_database()) as bytes`;
  return row as { unsynced: number; bytes: number };
}
