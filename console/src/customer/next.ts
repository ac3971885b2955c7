import type { Customer, Enrollment } from './types.ts';

/** Something that will happen to the customer, by time or by an event. */
export type NextStep = { at: string | null } & (
  | { kind: 'delivery'; id: string; action: string; channel: string; state: string }
  | { kind: 'task'; id: string; action: string; queue: string; state: string }
  | { kind: 'enrollment'; id: string; journey: string; step: string; state: string; events: string[] }
  | { kind: 'entry'; journey: string; date: string }
  | { kind: 'lift'; ticketId: string }
  /** Silence that ends some time after a ticket is closed; milliseconds. */
  | { kind: 'close'; ticketId: string; coolDown: number }
);

/** What comes next, the soonest first; what only an event moves comes last. */
export function listNextSteps(customer: Customer): NextStep[] {
  const waiting = new Set([...customer.planned, ...customer.tasks].map(({ enrollmentId }) => enrollmentId));
  const steps: NextStep[] = [
    ...customer.planned.map(
      ({ deliveryId: id, at, action, channel, state }): NextStep => ({
        kind: 'delivery',
        at,
        id,
        action,
        channel,
        state,
      }),
    ),
    ...customer.tasks.map(
      ({ id, action, queue, state, acknowledgeBy, resolveBy, snoozedUntil }): NextStep => ({
        kind: 'task',
        at: snoozedUntil ?? (state === 'open' ? acknowledgeBy : resolveBy),
        id,
        action,
        queue,
        state,
      }),
    ),
    ...customer.suppressed.reasons.map(
      ({ code, ticketId, liftsAt, coolDownSeconds }): NextStep =>
        code === 'cooling_down'
          ? { kind: 'lift', at: liftsAt, ticketId }
          : { kind: 'close', at: null, ticketId, coolDown: coolDownSeconds * 1_000 },
    ),
    // An enrollment whose message is planned or whose task is open is there with it already.
    ...customer.enrollments.filter(({ id, arm }) => arm === 'treated' && !waiting.has(id)).map(toStep),
    ...customer.upcoming.map(({ journey, date, at }): NextStep => ({ kind: 'entry', journey, date, at })),
  ];
  return steps.sort((a, b) => toTime(a.at) - toTime(b.at));
}

function toStep(enrollment: Enrollment): NextStep {
  const { id, journey, step, state } = enrollment;
  return {
    kind: 'enrollment',
    at: findNext(enrollment),
    id,
    journey,
    step,
    state,
    events: listEvents(enrollment),
  };
}

/** Wakers that look again, or end the journey, say nothing about what comes next in it. */
const ROUTINE = ['exit', 'recheck'];

/** When time alone moves an enrollment on; null: only an event does. */
export function findNext({ wakers }: Pick<Enrollment, 'wakers'>): string | null {
  const times = wakers.flatMap((waker) =>
    'at' in waker && !ROUTINE.includes(waker.reason) ? [waker.at] : [],
  );
  return times.sort((a, b) => toTime(a) - toTime(b))[0] ?? null;
}

/** The events that move an enrollment. A new bundle is none of the customer's. */
export function listEvents({ wakers }: Pick<Enrollment, 'wakers'>): string[] {
  return wakers.flatMap((waker) => ('event' in waker && waker.event !== 'bundle' ? [waker.event] : []));
}

const toTime = (at: string | null) => (at === null ? Number.POSITIVE_INFINITY : Date.parse(at));
