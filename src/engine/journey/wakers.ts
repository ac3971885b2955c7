import type { WaitStep } from '../../domain/definition.ts';
import { isFinal } from '../../domain/delivery.ts';
import type { Enrollment, EnrollmentStatus } from '../../domain/state.ts';
import { ceilToSecond, DAY, earliest, type Instant, type Millis, SECOND } from '../../domain/time/time.ts';
import { hash32 } from '../../domain/values/hash.ts';
import type { AdvanceRun } from './advance-run.ts';
import { computeOverdueAt } from './fold-tickets.ts';
import { computeDue } from './steps/wait.ts';

/**
 * What wakes a parked enrollment: an instant or the name of an event, and why. `together`: many customers wait for that
 * same instant, as for the end of quiet hours.
 */
export type Waker = { at: Instant; because: string; together?: boolean } | { on: string };

/** Nothing sleeps longer: a zone's rules are known for about a year ahead, and are read afresh by then. */
const LONGEST_SLEEP = 300 * DAY;

/** Everything that can move this enrollment from where it stands. A parked one without a waker is a defect (I4). */
export function listWakers(run: AdvanceRun, enrollment: Enrollment): Waker[] {
  const journey = run.journeyOf(enrollment);
  if (!journey) return [{ on: 'bundle' }];
  const wakers: Waker[] = [];
  for (const exit of journey.exit) {
    if (exit.kind === 'after') wakers.push({ at: enrollment.enteredAt + exit.after, because: 'exit' });
    if (exit.kind === 'event') wakers.push({ on: exit.trigger.on });
    if (exit.kind === 'when') wakers.push(recheck(run));
  }
  if (journey.goal && enrollment.goalAt === null) wakers.push({ on: journey.goal.on });
  return [...wakers, ...stepWakers(run, enrollment)];
}

/** A condition that names the time may change without an event. */
function recheck(run: AdvanceRun): Waker {
  return { at: run.now + DAY, because: 'recheck' };
}

function stepWakers(run: AdvanceRun, enrollment: Enrollment): Waker[] {
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
      // Too many outcomes led on from one another: the rest is for the next decision, which must come.
      return [{ at: run.now + SECOND, because: 'more' }];
    case 'control':
      return [];
    default:
      return status satisfies never;
  }
}

/** Not so late that the hold would be over before it is looked at. */
function holdWaker(
  run: AdvanceRun,
  enrollment: Enrollment,
  { recheckAt, together }: Extract<EnrollmentStatus, { kind: 'held' }>,
): Waker {
  const step = run.stepOf(enrollment);
  const late = recheckAt + latenessOf(run);
  const inTime = step?.kind === 'decide' && late < enrollment.since + step.hold;
  return { at: recheckAt, because: 'hold', together: together === true && inTime };
}

function waitWakers(run: AdvanceRun, enrollment: Enrollment, step: WaitStep): Waker[] {
  return step.until.flatMap((until, position): Waker[] => {
    if (until.kind === 'event') return [{ on: until.trigger.on }];
    const due = computeDue(run, step, enrollment, until, position);
    const because = until.kind === 'when' ? 'for' : 'wait';
    const timed: Waker[] = due === null ? [] : [{ at: due, because, together: until.kind === 'at' }];
    if (until.kind === 'after' || until.kind === 'at') return timed;
    const quiet = run.state.quietUntil;
    const lifts: Waker[] = quiet === null || until.kind === 'date' ? [] : [{ at: quiet, because: 'quiet' }];
    return [...timed, recheck(run), ...lifts];
  });
}

/**
 * How much later this customer is woken where many are woken together, so that a ticket needn't wait behind all
 * birthdays of 09:00. Reasons and dates stay exact; only who is looked at first is spread.
 */
function latenessOf({ input: { bundle, facts } }: AdvanceRun): Millis {
  const { spread } = bundle.workspace;
  return spread > 0 ? hash32(`spread:${facts.customerId}`) % spread : 0;
}

/** The earliest instant at which time alone changes something; rounded up, and never now. */
export function computeWakeAt(run: AdvanceRun): Instant | null {
  const { state, now } = run;
  const late = latenessOf(run);
  const times = state.enrollments.flatMap((e) =>
    listWakers(run, e).flatMap((w) => ('at' in w ? [w.together ? w.at + late : w.at] : [])),
  );
  const planned = run.input.facts.deliveries.filter((d) => d.state === 'planned' && d.at > now);
  const dates = Object.values(state.dates).filter((d) => d.state === 'armed');
  const tickets = state.openTickets.map((t) => computeOverdueAt(run, t)).filter((at) => at > now);
  const first = earliest(
    ...times,
    ...planned.map((d) => d.at),
    ...dates.map((d) => d.at + late),
    ...tickets,
    state.quietUntil,
  );
  if (first === null) return null;
  return Math.max(ceilToSecond(Math.min(first, now + LONGEST_SLEEP)), now + SECOND);
}
