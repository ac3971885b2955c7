import { countHeldBy, countQueues } from '../../../db/tasks/task-queues.ts';
import { viewTask, viewTasks } from '../../../db/tasks/view-tasks.ts';
import { readActiveBundle } from '../../app/config/active-bundle.ts';
import { TASK_STATES, type TaskState } from '../../domain/delivery.ts';
import { resolveReference } from '../customers/customer-ref.ts';
import { decodeCursor, encodeCursor, isId, toPage } from '../frame/cursor.ts';
import { notFound } from '../frame/http-error.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { listDeclaredQueues, toQueueViews } from './queues-view.ts';
import { queuesQuery, task, taskList, taskQueues, tasksQuery } from './schema.ts';
import { toTaskView } from './view.ts';

const tag = 'Tasks';

/** Reading tasks of the agent desk. */
export const taskOperations: Operation[] = [
  defineOperation({
    id: 'listTasks',
    method: 'get',
    path: '/v1/tasks',
    tag,
    summary: 'Tasks of the agent desk',
    scope: 'read',
    query: tasksQuery,
    replies: { 200: { description: 'Ordered by the time to acknowledge', schema: taskList } },
    async handle({ api, workspace, query }) {
      const place = decodeCursor<[number, string]>(query.cursor, isTaskPlace);
      const { limit, queue = null, state, customer, assignee = null } = query;
      const { snoozed = state === undefined ? 'false' : 'any' } = query;
      const customerId =
        customer === undefined ? null : await resolveReference(api.deps.db, workspace, customer);
      const after = place && { acknowledgeBy: place[0], id: place[1] };
      const request = {
        workspace,
        queue,
        states: listStates(state),
        snoozed: snoozed === 'any' ? null : snoozed === 'true',
        now: Date.now(),
        customerId,
        assignee,
        limit: limit + 1,
        after,
      };
      const rows = await viewTasks(api.deps.db.sql, request);
      return { body: toPage(rows, limit, (row) => encodeCursor(row.acknowledgeBy, row.id), toTaskView) };
    },
  }),
  defineOperation({
    id: 'listTaskQueues',
    method: 'get',
    path: '/v1/task-queues',
    tag,
    summary: 'Queues of the agent desk, with what is open in each',
    scope: 'read',
    query: queuesQuery,
    replies: { 200: { description: 'By name', schema: taskQueues } },
    async handle({ api, workspace, query: { assignee } }) {
      const { sql } = api.deps.db;
      const counted = await countQueues(sql, workspace, Date.now());
      const bundle = await readActiveBundle(api.deps, workspace);
      const held = assignee === undefined ? null : await countHeldBy(sql, workspace, assignee);
      return { body: { data: toQueueViews(counted, listDeclaredQueues(bundle)), held } };
    },
  }),
  defineOperation({
    id: 'getTask',
    method: 'get',
    path: '/v1/tasks/{id}',
    tag,
    summary: 'One task, with the case it was opened for',
    scope: 'read',
    replies: { 200: { description: 'The task', schema: task } },
    problems: [404],
    async handle({ api, workspace, params }) {
      const row = await viewTask(api.deps.db.sql, workspace, params.id as string);
      if (!row) throw notFound('task');
      return { body: toTaskView(row) };
    },
  }),
];

function listStates(state: TaskState | 'any' | undefined): TaskState[] {
  if (state === 'any') return [...TASK_STATES];
  return state === undefined ? ['open', 'acknowledged'] : [state];
}

function isTaskPlace(place: unknown[]): boolean {
  return place.length === 2 && Number.isSafeInteger(place[0]) && isId(place[1]);
}
