import type { WaitStep } from '../definition.ts';
import type { JourneyEvent } from '../event.ts';
import { type Enrollment, entryOf } from '../state.ts';
import { end } from './leave.ts';
import type { Run } from './run.ts';
import { triggers } from './trigger.ts';

/** A cycle must hold a wait, so no run moves an enrollment this often; a definition that does is poison. */
const MAX_MOVES = 100;

/** Puts the enrollment at the start of a step, or ends it. */
export function moveTo(run: Run, enrollment: Enrollment, to: string, because: string): void {
  run.changes.push({
    kind: 'moved',
    enrollment: enrollment.id,
    journey: enrollment.journey,
    from: enrollment.step,
    to,
    because,
  });
  if (to === 'exit') return end(run, enrollment, 'completed');
  enrollment.step = to;
  enrollment.since = run.now;
  enrollment.sinceSeq = run.seq;
  enrollment.status = { kind: 'running' };
}

/** An event that a wait of this enrollment is for moves it on. */
export function continueByEvent(run: Run, enrollment: Enrollment, event: JourneyEvent): void {
  const step = run.stepOf(enrollment);
  if (step?.kind !== 'wait' || enrollment.status.kind !== 'waiting') return;
  if (event.seq <= sinceSeq(step, enrollment)) return;
  const until = step.until.find((u) => u.kind === 'event' && triggers(run, u.trigger, event, enrollment));
  if (until) moveTo(run, enrollment, until.next ?? step.next, event.name);
}

function sinceSeq(step: WaitStep, enrollment: Enrollment): number {
  return step.since === 'enter' ? enrollment.entry.seq : enrollment.sinceSeq;
}

/** Runs the enrollment until it stands at a decide step, waits, or has ended. */
export function runSteps(run: Run, enrollment: Enrollment): void {
  for (let moves = 0; run.state.enrollments.includes(enrollment); moves++) {
    if (moves > MAX_MOVES) throw new Error(`went through ${MAX_MOVES} steps without waiting`);
    const { kind } = enrollment.status;
    if (kind !== 'running' && kind !== 'waiting') return;
    const step = run.stepOf(enrollment);
    if (!step) throw new Error(`the journey has no step ${enrollment.step} any more`);

    switch (step.kind) {
      case 'decide':
        return;
      case 'goto':
        moveTo(run, enrollment, step.next, 'goto');
        break;
      case 'exit':
        end(run, enrollment, step.reason);
        return;
      case 'branch': {
        const arm = step.arms.find((a) => run.holds(a.when, enrollment, entryOf(enrollment)));
        moveTo(run, enrollment, arm?.next ?? step.next, arm ? (arm.when ?? 'else') : 'no branch');
        break;
      }
      case 'wait': {
        const until = passed(run, step, enrollment);
        if (!until) {
          enrollment.status = { kind: 'waiting' };
          return;
        }
        moveTo(run, enrollment, until.next ?? step.next, until.kind === 'when' ? until.when : 'time');
        break;
      }
      default:
        throw new Error(`unknown step ${JSON.stringify(step satisfies never)}`);
    }
  }
}

function passed(run: Run, step: WaitStep, enrollment: Enrollment) {
  const from = step.since === 'enter' ? enrollment.enteredAt : enrollment.since;
  return step.until.find(
    (u) =>
      (u.kind === 'when' && run.holds(u.when, enrollment, entryOf(enrollment))) ||
      (u.kind === 'after' && from + u.after <= run.now),
  );
}
