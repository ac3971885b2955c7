import type { Facts } from '../../domain/facts.ts';
import type { JourneyState } from '../../domain/state.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { AdvanceInput } from './advance-input.ts';
import { AdvanceRun } from './advance-run.ts';
import { decidePool } from './decide/decide-pool.ts';
import { settleEffects } from './decide/settle-effects.ts';
import type { DecisionRecord } from './decision-record.ts';
import { evaluateDates } from './enter/by-date.ts';
import { evaluateSegments } from './enter/by-segment.ts';
import { exitByTimeOrCondition } from './exits.ts';
import { foldTickets } from './fold-tickets.ts';
import type { DecisionPlan } from './plan.ts';
import { processEvent, runStartedSteps } from './process-event.ts';
import { reconcileWithDefinitions } from './reconcile-definitions.ts';
import { evaluateStage } from './stage.ts';
import { runSteps } from './steps/run-steps.ts';
import { computeWakeAt } from './wakers.ts';

/**
 * A result such as `nothing` may lead to the next decide step in the same run. Further rounds wait for the next run.
 */
const MAX_ROUNDS = 8;

export interface AdvanceResult extends DecisionRecord {
  state: JourneyState;
  outcome: 'acted' | 'held' | 'nothing' | 'moved';
  plan: DecisionPlan;
  /** When time alone changes something next; null if only an event can. */
  wakeAt: Instant | null;
}

/**
 * The core of a journey decision. It works in five phases:
 *
 * 1. Bring the state up to date with the tickets and the definitions.
 * 2. Process the new events one by one, in the order of the log.
 * 3. Evaluate stage, segments and dates, which may open enrollments.
 * 4. Settle the effects that enrollments wait for, then check exits by time and by condition.
 * 5. Run the steps. All enrollments at a decide step compete in one pool; an enrollment that moves on is run again.
 *
 * Pure: the same input gives the same output, bit for bit (I7).
 */
export function advance(input: AdvanceInput): AdvanceResult {
  const run = new AdvanceRun({ ...input, facts: copyChangingFacts(input.facts) });
  foldTickets(run);
  for (const enrollment of [...run.state.enrollments])
    run.isolate(enrollment, () => reconcileWithDefinitions(run, enrollment));
  runStartedSteps(run);
  for (const event of input.events) processEvent(run, event);
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
  return { state, outcome: computeOutcome(run), ...run.record, plan, wakeAt: computeWakeAt(run) };
}

/** Copies the facts that the run updates: tickets that begin to cool down, effects that it cancels. */
function copyChangingFacts(facts: Facts): Facts {
  const { tickets, deliveries, tasks } = facts;
  return { ...facts, ...structuredClone({ tickets, deliveries, tasks }) };
}

function computeOutcome(run: AdvanceRun): AdvanceResult['outcome'] {
  if (run.plan.deliveries.length + run.plan.tasks.length > 0) return 'acted';
  if (run.record.judgedCandidates.length === 0) return 'moved';
  return run.state.enrollments.some((e) => e.status.kind === 'held') ? 'held' : 'nothing';
}
