import type { WaitStep } from '../../domain/definition.ts';
import { isFinal } from '../../domain/delivery.ts';
import type { Enrollment, EnrollmentStatus } from '../../domain/state.ts';
import { ceilToSecond, DAY, earliest, type Instant, type Millis, SECOND } from '../../domain/time/time.ts';
import { hash32 } from '../../domain/values/hash.ts';
import type { AdvanceRun } from './advance-run.ts';
import { computeExpiry } from './exits.ts';
import { computeOverdueAt } from './fold-tickets.ts';
import { computeDue } from './steps/wait.ts';

/**
 * What wakes an enrollment that is not running: an instant with its reason, or the name of an event. `shared`: many
 * customers wait for the same instant, such as the end of quiet hours, so their wake-ups are spread.
 */
export type Waker = { at: Instant; reason: string; shared?: boolean } | { on: string };

/** A zone's rules are loaded for about a year ahead, so every customer is decided again before they run out. */
const LONGEST_SLEEP = 300 * DAY;

/** Everything that can move this enrollment on. An enrollment that waits without a waker is a defect (I4). */
export function listWakers(run: AdvanceRun<'tasks'>, enrollment: Enrollment): Waker[] {
  const journey = run.journeyOf(enrollment);
  if (!journey) return [{ on: 'bundle' }];
  const wakers: Waker[] = [];
  for (const exit of journey.exit) {
    if (exit.kind === 'after') wakers.push({ at: computeExpiry(enrollment, exit), reason: 'exit' });
    if (exit.kind === 'event') wakers.push({ on: exit.trigger.on });
    if (exit.kind === 'when') wakers.push(recheck(run));
  }
  if (journey.goal && enrollment.goalAt === null) wakers.push({ on: journey.goal.on });
  return [...wakers, ...stepWakers(run, enrollment)];
}

/** A condition that reads the time may change without an event, so it is evaluated at least daily. */
function recheck(run: AdvanceRun<'tasks'>): Waker {
  return { at: run.now + DAY, reason: 'recheck' };
}

function stepWakers(run: AdvanceRun<'tasks'>, enrollment: Enrollment): Waker[] {
  const { status } = enrollment;
  switch (status.kind) {
    case 'held':
      return [holdWaker(run, enrollment, status), ...status.liftsOn.map((on) => ({ on }))];
    case 'waiting': {
      const step = run.stepOf(enrollment);
      return step?.kind === 'wait' ? waitWakers(run, enrollment, step) : [];
    }
    case 'delivering':
      return status.deliveries.map(() => ({ on: 'Delivery Sent' }));
    case 'tasked': {
      const task = [
        ...run.input.facts.tasks,
        ...run.plan.tasks.map((t) => ({ ...t, state: 'open' as const })),
      ].find((t) => t.id === status.task);
      if (!task || isFinal(task.state)) return [];
      const unacknowledged = task.state === 'open' && task.acknowledgeBy > run.now;
      return [
        { on: 'Task Resolved' },
        { at: task.resolveBy, reason: 'resolve' },
        ...(unacknowledged ? [{ at: task.acknowledgeBy, reason: 'acknowledge' }] : []),
      ];
    }
    case 'poison':
      return [{ on: 'bundle' }];
    case 'running':
      // The run reached its maximum of rounds. The next decision continues.
      return [{ at: run.now + SECOND, reason: 'more' }];
    case 'control':
      return [];
    default:
      return status satisfies never;
  }
}

/** The wake-up is spread only if the hold is still open by then. */
function holdWaker(
  run: AdvanceRun<'tasks'>,
  enrollment: Enrollment,
  status: Extract<EnrollmentStatus, { kind: 'held' }>,
): Waker {
  const step = run.stepOf(enrollment);
  const delayed = status.recheckAt + computeDelay(run);
  const inTime = step?.kind === 'decide' && delayed < enrollment.since + step.hold;
  return { at: status.recheckAt, reason: 'hold', shared: status.sharedInstant === true && inTime };
}

function waitWakers(run: AdvanceRun<'tasks'>, enrollment: Enrollment, step: WaitStep): Waker[] {
  return step.until.flatMap((until, position): Waker[] => {
    if (until.kind === 'event') return [{ on: until.trigger.on }];
    const due = computeDue(run, step, enrollment, until, position);
    const reason = until.kind === 'when' ? 'for' : 'wait';
    const timed: Waker[] = due === null ? [] : [{ at: due, reason, shared: until.kind === 'at' }];
    if (until.kind === 'after' || until.kind === 'at') return timed;
    const quiet = run.state.quietUntil;
    const lifts: Waker[] = quiet === null || until.kind === 'date' ? [] : [{ at: quiet, reason: 'quiet' }];
    return [...timed, recheck(run), ...lifts];
  });
}

/**
 * The delay of this customer's wake-up where many customers share the instant, so that a ticket does not queue behind
 * all birthdays of 09:00. The delay is stable per customer. Recorded reasons and dates stay exact.
 */
function computeDelay({ input: { bundle, facts } }: AdvanceRun<'tasks'>): Millis {
  const { spread } = bundle.workspace;
  return spread > 0 ? hash32(`spread:${facts.customerId}`) % spread : 0;
}

/** The earliest instant at which time alone changes something, rounded up to a second and always in the future. */
export function computeWakeAt(run: AdvanceRun): Instant | null {
  const { state, now } = run;
  const delay = computeDelay(run);
  const times = state.enrollments.flatMap((e) =>
    listWakers(run, e).flatMap((w) => ('at' in w ? [w.shared ? w.at + delay : w.at] : [])),
  );
  const planned = run.input.facts.deliveries.filter((d) => d.state === 'planned' && d.at > now);
  const dates = Object.values(state.dates).filter((d) => d.state === 'armed');
  const tickets = state.openTickets.map((t) => computeOverdueAt(run, t)).filter((at) => at > now);
  const first = earliest(
    ...times,
    ...planned.map((d) => d.at),
    ...dates.map((d) => d.at + delay),
    ...tickets,
    state.quietUntil,
  );
  if (first === null) return null;
  return Math.max(ceilToSecond(Math.min(first, now + LONGEST_SLEEP)), now + SECOND);
}
