import type { Arbitrated, JudgedCandidate } from '../candidate.ts';
import { consentsSaid } from '../consent.ts';
import type { Facts } from '../context.ts';
import { CALL_NAMES, EVENT, isEcho, type JourneyEvent, kindOf } from '../event.ts';
import type { Enrollment, JourneyState } from '../state.ts';
import type { Instant } from '../time.ts';
import { adopt } from './adopt.ts';
import type { Asked } from './asked.ts';
import { lookAtDates } from './dates.ts';
import { enterByCommand } from './enter-by-command.ts';
import { enterByEvent } from './enter-by-event.ts';
import { end, leaveBefore, leaveByCondition, leaveByEvent, leaveByTime } from './leave.ts';
import { decidePool } from './pool.ts';
import { type AdvanceInput, type Change, type Plan, Run } from './run.ts';
import { lookAtSegments } from './segments.ts';
import { settle } from './settle.ts';
import { lookAtStage } from './stage.ts';
import { continueByEvent, letTimePass, runSteps } from './steps.ts';
import { foldTickets } from './suppression.ts';
import { isStale } from './trigger.ts';
import { reconcile } from './versions.ts';
import { wakeAt } from './wake.ts';

/** An outcome such as `nothing` may lead to the next decide step in the same run; more rounds than this wait for the next. */
const MAX_ROUNDS = 8;

export interface Advanced {
  state: JourneyState;
  outcome: 'acted' | 'held' | 'nothing' | 'moved';
  judged: JudgedCandidate[];
  /** One for each time that marketing actions competed. */
  arbitrated: Arbitrated[];
  /** What was asked of each pool. */
  asked: Asked[];
  changes: Change[];
  plan: Plan;
  wakeAt: Instant | null;
}

/**
 * The core: takes what happened, moves every enrollment as far as it goes, decides what to do next, and says when to
 * look again. Pure: the same input gives the same output, bit for bit (I7).
 */
export function advance(input: AdvanceInput): Advanced {
  const run = new Run({ ...input, facts: ownCopy(input.facts) });
  foldTickets(run);
  for (const enrollment of [...run.state.enrollments])
    run.guard(enrollment, () => reconcile(run, enrollment));
  moveOn(run);
  for (const event of input.events) takeEvent(run, event);
  lookAtStage(run);
  lookAtSegments(run);
  lookAtDates(run);
  for (const enrollment of [...run.state.enrollments]) {
    run.guard(enrollment, () => {
      if (enrollment.status.kind !== 'control') settle(run, enrollment);
      if (run.state.enrollments.includes(enrollment)) leaveByTime(run, enrollment);
    });
  }
  for (let round = 0; round < MAX_ROUNDS; round++) {
    for (const enrollment of [...run.state.enrollments])
      run.guard(enrollment, () => runSteps(run, enrollment));
    if (!decidePool(run, round)) break;
  }
  const { plan, state } = run;
  plan.changed = plan.changed.filter((e) => state.enrollments.includes(e));
  return {
    state: run.state,
    outcome: outcomeOf(run),
    judged: run.judged,
    arbitrated: run.arbitrated,
    asked: run.asked,
    changes: run.changes,
    plan: run.plan,
    wakeAt: wakeAt(run),
  };
}

/** Facts that the core may write to while it runs: what becomes of tickets and effects. The rest is only read. */
function ownCopy(facts: Facts): Facts {
  const { tickets, deliveries, tasks } = facts;
  return { ...facts, ...structuredClone({ tickets, deliveries, tasks }) };
}

/** One event after the other, in the order of the log. A bad one is marked and passed over: it wedges nothing. */
function takeEvent(run: Run, event: JourneyEvent): void {
  run.seq = event.seq;
  try {
    if (event.historical) return;
    if (event.name === EVENT.exitRequested) return exitOnRequest(run, event);
    if (event.name === EVENT.merged) adopt(run, event);
    if (isStale(run, event)) return;
    for (const enrollment of [...run.state.enrollments]) {
      run.guard(enrollment, () => {
        if (leaveBefore(run, enrollment, event)) return;
        letTimePass(run, enrollment, event);
        if (leaveByEvent(run, enrollment, event)) return;
        continueByEvent(run, enrollment, event);
        stir(run, enrollment, event);
      });
    }
    enterByEvent(run, event);
    enterByCommand(run, event);
    moveOn(run);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    run.changes.push({ kind: 'poisoned', enrollment: null, event: event.id, reason });
  }
}

/**
 * Runs those that have just begun a step, so that a wait sees the very next event. Who waits already goes on waiting:
 * a fact further on in the batch comes before a timer.
 */
function moveOn(run: Run): void {
  for (const enrollment of run.state.enrollments.filter((e) => e.status.kind === 'running')) {
    run.guard(enrollment, () => {
      if (!leaveByCondition(run, enrollment)) runSteps(run, enrollment);
    });
  }
}

/** An event that a verdict named lifts it perhaps; the gates will say. */
function stir(run: Run, enrollment: Enrollment, event: JourneyEvent): void {
  if (enrollment.status.kind !== 'held') return;
  const identifies = event.type === 'identify' || event.context.traits !== undefined;
  const lifts = enrollment.status.liftsOn.some(
    (on) =>
      on === event.name ||
      (on === EVENT.ticketClosed && kindOf(event.name) === 'ticket') ||
      (on === EVENT.consentChanged && consentsSaid(event).length > 0) ||
      (on === CALL_NAMES.identify && identifies),
  );
  // What an account is told of concerns a hold by whatever it says: a colleague's ticket, a trait of the company.
  if (lifts || isEcho(event)) run.stirred.add(enrollment.id);
}

function exitOnRequest(run: Run, event: JourneyEvent): void {
  const { enrollment_id: id, journey } = event.properties;
  const asked = run.state.enrollments.filter(
    (e) => e.id === id || e.journey === journey || (!id && !journey),
  );
  for (const enrollment of asked) end(run, enrollment, 'requested');
}

function outcomeOf(run: Run): Advanced['outcome'] {
  if (run.plan.deliveries.length + run.plan.tasks.length > 0) return 'acted';
  if (run.judged.length === 0) return 'moved';
  return run.state.enrollments.some((e) => e.status.kind === 'held') ? 'held' : 'nothing';
}
