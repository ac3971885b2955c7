import type { QueueFacts } from '../temporal/inspect.ts';
import { count, type Finding, fail, formatAge, ok, warn } from './finding.ts';

/** A poll lasts a minute at most, so a poller that was not seen for longer has probably ended. */
const SEEN_LATELY_MS = 90_000;

/** Judges whether each task queue has a worker that polls it. */
export function judgeQueues(queues: readonly QueueFacts[]): Finding[] {
  return queues.map(({ queue, purpose, pollers, seenMs }) => {
    if (pollers === 0)
      return fail(
        'task_queue',
        `no worker polls ${queue} (${purpose})`,
        'start a worker (throughline serve worker) with the same TASK_QUEUE and namespace',
      );
    if (seenMs !== null && seenMs > SEEN_LATELY_MS)
      return warn(
        'task_queue',
        `${queue} (${purpose}) was last polled ${formatAge(seenMs)} ago`,
        'check that the worker still runs',
      );
    return ok('task_queue', `${queue} (${purpose}) is polled by ${count(pollers, 'worker')}`);
  });
}
