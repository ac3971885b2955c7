import type { QueueCounts } from '../../db/tasks/task-queues.ts';
import { count, type Finding, ok, warn } from './finding.ts';

/** Judges whether agents keep up with their queues. */
export function judgeTasks(queues: readonly Pick<QueueCounts, 'queue' | 'overdue'>[]): Finding[] {
  const check = 'tasks_overdue';
  const late = queues.filter(({ overdue }) => overdue > 0);
  if (late.length === 0) return [ok(check, 'no task is overdue')];
  return late.map(({ queue, overdue }) =>
    warn(
      check,
      `${count(overdue, 'task')} of the queue ${queue} ${overdue === 1 ? 'is' : 'are'} overdue`,
      'claim or resolve them at the agent desk',
    ),
  );
}
