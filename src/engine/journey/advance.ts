import type { ArbitrationRecord, JudgedCandidate } from '../../domain/candidate.ts';
import { readConsents } from '../../domain/customer/consent.ts';
import { CALL_NAMES, classifyEvent, EVENT, isAccountEcho, type JourneyEvent } from '../../domain/event.ts';
import type { Facts } from '../../domain/facts.ts';
import type { Enrollment, JourneyState } from '../../domain/state.ts';
import type { Instant } from '../../domain/time/time.ts';
import { type AdvanceInput, AdvanceRun, type DecisionPlan, type JourneyChange } from './advance-run.ts';
import { decidePool } from './decide/decide-pool.ts';
import type { DecisionInput } from './decide/decision-input.ts';
import { settleEffects } from './decide/settle-effects.ts';
import { enterByCommand } from './enter/by-command.ts';
import { evaluateDates } from './enter/by-date.ts';
import { enterByEvent } from './enter/by-event.ts';
import { evaluateSegments } from './enter/by-segment.ts';
import {
  endEnrollment,
  exitBeforeEvent,
  exitByCondition,
  exitByEvent,
  exitByTimeOrCondition,
} from './exits.ts';
import { foldTickets } from './fold-tickets.ts';
import { adoptEnrollments } from './merge/adopt-enrollments.ts';
import { reconcileWithDefinitions } from './reconcile-definitions.ts';
import { evaluateStage } from './stage.ts';
import { continueWait, expireWaitBefore, runSteps } from './steps/run-steps.ts';
import { isStaleTicketEvent } from './trigger.ts';
import { computeWakeAt } from './wakers.ts';

/** An outcome such as `nothing` may lead to the next decide step in the same run; more rounds than this wait for the next. */
const MAX_ROUNDS = 8;

export interface AdvanceResult {
  state: JourneyState;
  outcome: 'acted' | 'held' | 'nothing' | 'moved';
  judgedCandidates: JudgedCandidate[];
  /** One for each time that marketing actions competed. */
  arbitrations: ArbitrationRecord[];
  /** What was asked of each pool. */
  decisionInputs: DecisionInput[];
  changes: JourneyChange[];
  plan: DecisionPlan;
  wakeAt: Instant | null;
}

/**
 * The core: takes what happened, moves every enrollment as far as it goes, decides what to do next, and says when to
 * look again. Pure: the same input gives the same output, bit for bit (I7).
 */
export function advance(input: AdvanceInput): AdvanceResult {
  const run = new AdvanceRun({ ...input, facts: ownCopy(input.facts) });
  foldTickets(run);
  for (const enrollment of [...run.state.enrollments])
    run.isolate(enrollment, () => reconcileWithDefinitions(run, enrollment));
  moveOn(run);
  for (const event of input.events) takeEvent(run, event);
  evaluateStage(run);
  evaluateSegments(run);
  evaluateDates(run);
  for (const enrollment of [...run.state.enrollments]) {
    run.isolate(enrollment, () => {
      if (enrollment.status.kind !== 'control') settleEffects(run, enrollment);
      if (run.state.enrollments.includes(enrollment)) exitByTimeOrCondition(run, enrollment);
    });
  }
  for (let round = 0; round < MAX_ROUNDS; round++) {
    for (const enrollment of [...run.state.enrollments])
      run.isolate(enrollment, () => runSteps(run, enrollment));
    if (!decidePool(run, round)) break;
  }
  const { plan, state } = run;
  plan.changedEnrollments = plan.changedEnrollments.filter((e) => state.enrollments.includes(e));
  return {
    state: run.state,
    outcome: outcomeOf(run),
    judgedCandidates: run.judgedCandidates,
    arbitrations: run.arbitrations,
    decisionInputs: run.decisionInputs,
    changes: run.changes,
    plan: run.plan,
    wakeAt: computeWakeAt(run),
  };
}

/** Facts that the core may write to while it runs: what becomes of tickets and effects. The rest is only read. */
function ownCopy(facts: Facts): Facts {
  const { tickets, deliveries, tasks } = facts;
  return { ...facts, ...structuredClone({ tickets, deliveries, tasks }) };
}

/** One event after the other, in the order of the log. A bad one is marked and passed over: it wedges nothing. */
function takeEvent(run: AdvanceRun, event: JourneyEvent): void {
  run.processedSeq = event.seq;
  try {
    if (event.historical) return;
    if (event.name === EVENT.exitRequested) return exitOnRequest(run, event);
    if (event.name === EVENT.merged) adoptEnrollments(run, event);
    if (isStaleTicketEvent(run, event)) return;
    for (const enrollment of [...run.state.enrollments]) {
      run.isolate(enrollment, () => {
        if (exitBeforeEvent(run, enrollment, event)) return;
        expireWaitBefore(run, enrollment, event);
        if (exitByEvent(run, enrollment, event)) return;
        continueWait(run, enrollment, event);
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
function moveOn(run: AdvanceRun): void {
  for (const enrollment of run.state.enrollments.filter((e) => e.status.kind === 'running')) {
    run.isolate(enrollment, () => {
      if (!exitByCondition(run, enrollment)) runSteps(run, enrollment);
    });
  }
}

/** An event that a verdict named lifts it perhaps; the gates will say. */
function stir(run: AdvanceRun, enrollment: Enrollment, event: JourneyEvent): void {
  if (enrollment.status.kind !== 'held') return;
  const identifies = event.type === 'identify' || event.context.traits !== undefined;
  const lifts = enrollment.status.liftsOn.some(
    (on) =>
      on === event.name ||
      (on === EVENT.ticketClosed && classifyEvent(event.name) === 'ticket') ||
      (on === EVENT.consentChanged && readConsents(event).length > 0) ||
      (on === CALL_NAMES.identify && identifies),
  );
  // What an account is told of concerns a hold by whatever it says: a colleague's ticket, a trait of the company.
  if (lifts || isAccountEcho(event)) run.markedForRecheck.add(enrollment.id);
}

function exitOnRequest(run: AdvanceRun, event: JourneyEvent): void {
  const { enrollment_id: id, journey } = event.properties;
  const asked = run.state.enrollments.filter(
    (e) => e.id === id || e.journey === journey || (!id && !journey),
  );
  for (const enrollment of asked) endEnrollment(run, enrollment, 'requested');
}

function outcomeOf(run: AdvanceRun): AdvanceResult['outcome'] {
  if (run.plan.deliveries.length + run.plan.tasks.length > 0) return 'acted';
  if (run.judgedCandidates.length === 0) return 'moved';
  return run.state.enrollments.some((e) => e.status.kind === 'held') ? 'held' : 'nothing';
}
