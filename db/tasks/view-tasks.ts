import type { TaskState } from '../../src/domain/delivery.ts';
import type { Tx } from '../client.ts';
import { customerName } from '../customers/customer-name.ts';
import { listQueues } from './task-queues.ts';
import { TASK_COLUMNS, type TaskRow } from './tasks.ts';

/** Which tasks of the agent desk, and from where on. */
export interface TasksQuery {
  workspace: string;
  queue: string | null;
  states: TaskState[];
  /** Those that are snoozed at `now`, or those that are not; null: all. */
  snoozed: boolean | null;
  now: number;
  customerId: string | null;
  /** Those that this agent has claimed. */
  assignee: string | null;
  limit: number;
  after: { acknowledgeBy: number; id: string } | null;
}

/** A task, with the name of its customer. */
export interface ViewedTask extends TaskRow {
  customerName: string | null;
}

/**
 * Tasks of the agent desk, in the order in which they are due. Each queue and state is a range of an index that is
 * in this order, so a page reads as many rows of each as it shows, however many tasks there are.
 */
export async function viewTasks(tx: Tx, query: TasksQuery): Promise<ViewedTask[]> {
  const { states, snoozed, now, customerId, limit, after } = query;
  return tx<ViewedTask[]>`
    ${query.queue === null ? tx`with recursive ${listQueues(tx, query.workspace)}` : tx``}
    select ${TASK_COLUMNS(tx, 't')}, ${customerName(tx)} as "customerName"
    from (
      select t.* from ${chooseRanges(tx, query)} cross join unnest(${states as string[]}::text[]) s(state)
      cross join lateral (
        select * from agent_tasks t
        where t.state = s.state and ${isInRange(tx, query)}
          ${snoozed === null ? tx`` : tx`and (coalesce(snoozed_until, 0) > ${now}) = ${snoozed}`}
          ${snoozed === true ? tx`and snoozed_until > ${now} and t.state in ('open', 'acknowledged')` : tx``}
          ${customerId === null ? tx`` : tx`and customer_id = ${customerId}`}
          ${after === null ? tx`` : tx`and (acknowledge_by, id) > (${after.acknowledgeBy}, ${after.id})`}
        order by acknowledge_by, id limit ${limit}) t
      order by acknowledge_by, id limit ${limit}) t
    join customers c on c.id = t.customer_id
    order by t.acknowledge_by, t.id`;
}

/** One task; null if the workspace has none of this id. */
export async function viewTask(tx: Tx, workspace: string, id: string): Promise<ViewedTask | null> {
  const [row] = await tx<ViewedTask[]>`
    select ${TASK_COLUMNS(tx, 't')}, ${customerName(tx)} as "customerName"
    from agent_tasks t join customers c on c.id = t.customer_id where t.id = ${id} and t.workspace = ${workspace}`;
  return row ?? null;
}

/** All queues, unless a narrower index answers: that of a queue, an agent, a customer, or of what was put off. */
function isNarrow({ queue, assignee, customerId, snoozed }: TasksQuery): boolean {
  return queue !== null || assignee !== null || customerId !== null || snoozed === true;
}

function chooseRanges(tx: Tx, query: TasksQuery) {
  return isNarrow(query) ? tx`(select 1) one` : tx`queues q`;
}

function isInRange(tx: Tx, query: TasksQuery) {
  const { workspace, queue, assignee } = query;
  return tx`t.workspace = ${workspace}
    ${queue === null ? tx`` : tx`and t.queue = ${queue}`}
    ${isNarrow(query) ? tx`` : tx`and t.queue = q.queue`}
    ${assignee === null ? tx`` : tx`and t.assignee = ${assignee}`}`;
}
