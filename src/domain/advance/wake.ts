import { isFinal } from '../delivery.ts';
import type { Enrollment } from '../state.ts';
import { ceilToSecond, DAY, earliest, type Instant, SECOND } from '../time.ts';
import type { Run } from './run.ts';

/** What wakes a parked enrollment: an instant or the name of an event, and why. */
export type Waker = { at: Instant; because: string } | { on: string };

/** Everything that can move this enrollment from where it stands. A parked one without a waker is a defect (I4). */
export function wakersOf(run: Run, enrollment: Enrollment): Waker[] {
  const journey = run.journey(enrollment.journey);
  if (!journey) return [{ on: 'bundle' }];
  const wakers: Waker[] = [];
  for (const exit of journey.exit) {
    if (exit.kind === 'after') wakers.push({ at: enrollment.enteredAt + exit.after, because: 'exit' });
    if (exit.kind === 'event') wakers.push({ on: exit.trigger.on });
    if (exit.kind === 'when') wakers.push({ at: run.now + DAY, because: 'recheck' });
  }
  if (journey.goal && enrollment.goalAt === null) wakers.push({ on: journey.goal.on });
  return [...wakers, ...stepWakers(run, enrollment)];
}

function stepWakers(run: Run, enrollment: Enrollment): Waker[] {
  const { status } = enrollment;
  switch (status.kind) {
    case 'held':
      return [{ at: status.recheckAt, because: 'hold' }, ...status.liftsOn.map((on) => ({ on }))];
    case 'waiting': {
      const step = run.stepOf(enrollment);
      if (step?.kind !== 'wait') return [];
      const from = step.since === 'enter' ? enrollment.enteredAt : enrollment.since;
      return step.until.flatMap((until): Waker[] => {
        if (until.kind === 'event') return [{ on: until.trigger.on }];
        if (until.kind === 'after') return [{ at: from + until.after, because: 'wait' }];
        const quiet = run.state.quietUntil;
        const recheck: Waker = { at: run.now + DAY, because: 'recheck' };
        return quiet === null ? [recheck] : [recheck, { at: quiet, because: 'quiet' }];
      });
    }
    case 'delivering':
      return status.deliveries.map(() => ({ on: 'Delivery Sent' }));
    case 'tasked': {
      const task = [
        ...run.input.facts.tasks,
        ...run.plan.tasks.map((t) => ({ ...t, state: 'open' as const })),
      ].find((t) => t.id === status.task);
      if (!task || isFinal(task.state)) return [];
      const unseen = task.state === 'open' && task.acknowledgeBy > run.now;
      return [
        { on: 'Task Resolved' },
        { at: task.resolveBy, because: 'resolve' },
        ...(unseen ? [{ at: task.acknowledgeBy, because: 'acknowledge' }] : []),
      ];
    }
    case 'poison':
      return [{ on: 'bundle' }];
    case 'running':
    case 'control':
      return [];
    default:
      return status satisfies never;
  }
}

/** The earliest instant at which time alone changes something; rounded up, and never now. */
export function wakeAt(run: Run): Instant | null {
  const times = run.state.enrollments.flatMap((e) =>
    wakersOf(run, e).flatMap((w) => ('at' in w ? [w.at] : [])),
  );
  const planned = run.input.facts.deliveries
    .filter((d) => d.state === 'planned' && d.at > run.now)
    .map((d) => d.at);
  const first = earliest(...times, ...planned, run.state.quietUntil);
  return first === null ? null : Math.max(ceilToSecond(first), run.now + SECOND);
}
