import type { Tx } from '../client.ts';

/** Tasks that are counted for each figure. As many mean at least as many. */
const MOST_COUNTED = 10_000;

/** The open work of one queue. */
export interface QueueCounts {
  queue: string;
  /** Waits for an agent. */
  open: number;
  acknowledged: number;
  snoozed: number;
  /** Open and not acknowledged in time, or acknowledged and not resolved in time. */
  overdue: number;
  /** When the first open task was raised, and by when one has to be acknowledged; null: none is open. */
  oldestAt: number | null;
  nextDueAt: number | null;
}

/** The queues that a workspace has ever had. It steps from queue to queue in the index. For `with recursive`. */
export function listQueues(tx: Tx, workspace: string) {
  return tx`queues as (
      (select queue from agent_tasks where workspace = ${workspace} order by queue limit 1)
      union all
      select next.queue from queues q cross join lateral (
        select queue from agent_tasks t where t.workspace = ${workspace} and t.queue > q.queue
        order by queue limit 1) next)`;
}

/** The open work by queue, of which each query reads a bounded part. */
export async function countQueues(tx: Tx, workspace: string, now: number): Promise<QueueCounts[]> {
  return tx<QueueCounts[]>`
    with recursive ${listQueues(tx, workspace)},
    counted as (
      select q.queue, s.state, t.* from queues q cross join unnest(array['open', 'acknowledged']) s(state)
      cross join lateral (
        select count(*) filter (where not snoozed) as n, count(*) filter (where snoozed) as snoozed,
          count(*) filter (where not snoozed and due_by < ${now}) as overdue,
          min(at) filter (where not snoozed) as oldest, min(due_by) filter (where not snoozed) as due
        from (
          select at, coalesce(snoozed_until, 0) > ${now} as snoozed,
            case s.state when 'open' then acknowledge_by else resolve_by end as due_by
          from agent_tasks where workspace = ${workspace} and queue = q.queue and state = s.state
          order by acknowledge_by, id limit ${MOST_COUNTED}) waiting) t)
    select o.queue, o.n as open, a.n as acknowledged, o.snoozed + a.snoozed as snoozed,
      o.overdue + a.overdue as overdue, o.oldest as "oldestAt", o.due as "nextDueAt"
    from counted o join counted a on a.queue = o.queue and a.state = 'acknowledged'
    where o.state = 'open' order by o.queue`;
}

/** How many tasks an agent has claimed and not ended. */
export async function countHeldBy(tx: Tx, workspace: string, assignee: string): Promise<number> {
  const [row] = await tx<{ held: number }[]>`
    select count(*) as held from (
      select 1 from agent_tasks
      where workspace = ${workspace} and assignee = ${assignee} and state = 'acknowledged'
      limit ${MOST_COUNTED}) claimed`;
  return row?.held ?? 0;
}
