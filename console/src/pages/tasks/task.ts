import type { Answer } from '../../api/use-api.ts';

/** A task as the API answers it. */
export type Task = Answer<'get', '/v1/tasks/{id}'>;
export type TaskQueue = Answer<'get', '/v1/task-queues'>['data'][number];

/** Whether an agent can still do something about it. */
export const isOpen = ({ state }: Task): boolean => state === 'open' || state === 'acknowledged';

/** Whether it was put off, and is in no queue now. */
export const isSnoozed = ({ snoozedUntil }: Task, now = Date.now()): boolean =>
  snoozedUntil !== null && Date.parse(snoozedUntil) > now;

/** By when something has to happen: the task be taken, or be done. */
export const dueAt = (task: Task): string => (task.state === 'open' ? task.acknowledgeBy : task.resolveBy);

/** Whether that time has passed. */
export const isLate = (task: Task, now = Date.now()): boolean =>
  isOpen(task) && !isSnoozed(task, now) && Date.parse(dueAt(task)) < now;
