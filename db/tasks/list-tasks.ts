import type { TaskState } from '../../src/domain/delivery.ts';
import type { Tx } from '../client.ts';
import { TASK_COLUMNS, type TaskRow } from './tasks.ts';

/** Tasks of the agent desk, in the order in which they are due. */
export async function viewTasks(
  tx: Tx,
  query: {
    workspace: string;
    queue: string | null;
    states: TaskState[];
    /** Those that are snoozed at `now`, or those that are not; null: all. */
    snoozed: boolean | null;
    now: number;
    customerId: string | null;
    limit: number;
    after: { acknowledgeBy: number; id: string } | null;
  },
): Promise<TaskRow[]> {
  const { workspace, queue, states, snoozed, now, customerId, limit, after } = query;
  return tx<TaskRow[]>`
    select ${TASK_COLUMNS(tx)} from agent_tasks
    where workspace = ${workspace} and state = any(${states as string[]})
      ${queue === null ? tx`` : tx`and queue = ${queue}`}
      ${snoozed === null ? tx`` : tx`and (coalesce(snoozed_until, 0) > ${now}) = ${snoozed}`}
      ${customerId === null ? tx`` : tx`and customer_id = ${customerId}`}
      ${after === null ? tx`` : tx`and (acknowledge_by, id) > (${after.acknowledgeBy}, ${after.id})`}
    order by acknowledge_by, id limit ${limit}`;
}
