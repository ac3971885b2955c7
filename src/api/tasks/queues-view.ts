import type { z } from 'zod';
import type { QueueCounts } from '../../../db/tasks/task-queues.ts';
import type { Bundle } from '../../domain/definition.ts';
import { toIsoOrNull } from '../frame/format.ts';
import type { queueCounts } from './schema.ts';

type QueueView = z.infer<typeof queueCounts>;

/** The queues that tasks of the bundle come into, at first or by escalation. */
export function listDeclaredQueues(bundle: Pick<Bundle, 'actions'> | null): string[] {
  return (bundle?.actions ?? []).flatMap(({ task }) => (task ? [task.queue, ...task.escalate] : []));
}

/** Declared queues, also empty ones, and others that have open tasks. By name. */
export function toQueueViews(counted: readonly QueueCounts[], declared: readonly string[]): QueueView[] {
  const byName = new Map(counted.map((counts) => [counts.queue, counts]));
  const used = counted.filter(({ open, acknowledged, snoozed }) => open + acknowledged + snoozed > 0);
  const names = new Set([...declared, ...used.map(({ queue }) => queue)]);
  return [...names].sort().map((queue) => {
    const { oldestAt = null, nextDueAt = null, ...counts } = byName.get(queue) ?? {};
    const none = { open: 0, acknowledged: 0, snoozed: 0, overdue: 0 };
    return { ...none, ...counts, queue, oldestAt: toIsoOrNull(oldestAt), nextDueAt: toIsoOrNull(nextDueAt) };
  });
}
