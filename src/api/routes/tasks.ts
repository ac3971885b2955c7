import { readTask } from '../../../db/queries/agent-tasks.ts';
import { viewTasks } from '../../../db/queries/view-tasks.ts';
import { TASK_STATES, type TaskState } from '../../domain/delivery.ts';
import { cursorOf, isId, pageOf, readCursor } from '../cursor.ts';
import { resolveRef } from '../customer-ref.ts';
import { notFound } from '../http-error.ts';
import { type Operation, operation } from '../operation.ts';
import { task, taskList, tasksQuery } from '../schemas/task.ts';
import { taskView } from '../views/task.ts';

const tag = 'Tasks';

/** Reading the agent desk. */
export const taskOperations: Operation[] = [
  operation({
    method: 'get',
    path: '/v1/tasks',
    tag,
    summary: 'Tasks of the agent desk',
    scope: 'read',
    query: tasksQuery,
    replies: { 200: { description: 'Due first comes first', schema: taskList } },
    async handle({ api, workspace, query }) {
      const place = readCursor<[number, string]>(query.cursor, isTaskPlace);
      const { limit, queue = null, state, customer } = query;
      const customerId = customer === undefined ? null : await resolveRef(api.deps.db, workspace, customer);
      const after = place && { acknowledgeBy: place[0], id: place[1] };
      const wanted = { workspace, queue, states: statesOf(state), customerId, limit: limit + 1, after };
      const rows = await viewTasks(api.deps.db.sql, wanted);
      return { body: pageOf(rows, limit, (row) => cursorOf(row.acknowledgeBy, row.id), taskView) };
    },
  }),
  operation({
    method: 'get',
    path: '/v1/tasks/{id}',
    tag,
    summary: 'One task, with its case',
    scope: 'read',
    replies: { 200: { description: 'The task', schema: task } },
    problems: [404],
    async handle({ api, workspace, params }) {
      const row = await readTask(api.deps.db.sql, workspace, params.id as string);
      if (!row) throw notFound('task');
      return { body: taskView(row) };
    },
  }),
];

function statesOf(state: TaskState | 'any' | undefined): TaskState[] {
  if (state === 'any') return [...TASK_STATES];
  return state === undefined ? ['open', 'acknowledged'] : [state];
}

function isTaskPlace(place: unknown[]): boolean {
  return place.length === 2 && Number.isSafeInteger(place[0]) && isId(place[1]);
}
