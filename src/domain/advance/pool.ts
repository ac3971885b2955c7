import { type Candidate, type Choice, DESK, type JudgedCandidate } from '../candidate.ts';
import type { DecideStep } from '../definition.ts';
import type { DeliveryFact } from '../delivery.ts';
import { textOf } from '../event.ts';
import type { Enrollment } from '../state.ts';
import { DAY, earliest, type Instant, SECOND } from '../time.ts';
import type { Run } from './run.ts';
import { outcomeOf } from './settle.ts';
import { moveTo } from './steps.ts';

/** A decision that rests on a fact of which no time is known is looked at again at least daily (I4). */
const RECHECK = DAY;

/**
 * All enrollments that stand at a decide step compete in one pool; in the first round also those held from earlier
 * decisions whose time has come, or whom an event concerns that a verdict named. Returns whether somebody moved on and must be run again.
 */
export function decidePool(run: Run, round: number): boolean {
  const standing = run.state.enrollments.filter((e) => isStanding(run, e, round));
  if (standing.length === 0) return false;
  const candidates: Candidate[] = [];
  for (const e of standing) run.guard(e, () => candidates.push(...candidatesOf(run, e)));
  const choice = run.input.choose(candidates, {
    facts: { ...run.input.facts, deliveries: [...run.input.facts.deliveries, ...plannedFacts(run)] },
    bundle: run.input.bundle,
    openTickets: run.openTickets,
    quietUntil: run.state.quietUntil,
    now: run.now,
    evaluate: run.input.evaluate,
    scores: run.input.scores,
    actedAlready: run.plan.deliveries.length + run.plan.tasks.length > 0,
  });
  run.judged.push(...choice.judged);
  for (const e of standing.filter((s) => s.status.kind !== 'poison'))
    run.guard(e, () => take(run, e, candidates, choice));
  return standing.some((e) => e.status.kind === 'running');
}

function isStanding(run: Run, enrollment: Enrollment, round: number): boolean {
  const { status } = enrollment;
  if (run.stepOf(enrollment)?.kind !== 'decide') return false;
  if (status.kind === 'running') return true;
  if (status.kind !== 'held' || round > 0) return false;
  return status.recheckAt <= run.now || run.stirred.has(enrollment.id) || run.input.edited;
}

function candidatesOf(run: Run, enrollment: Enrollment): Candidate[] {
  const step = run.stepOf(enrollment) as DecideStep;
  const subject = subjectOf(run, enrollment, step);
  return step.actions.flatMap((id, order) => {
    const action = run.actionOf(enrollment, id);
    if (!action) throw new Error(`the bundle has no action ${id}`);
    const channels = action.mode === 'human' ? [DESK] : action.channels;
    return channels
      .filter((channel) => channel === DESK || step.channels === null || step.channels.includes(channel))
      .map((channel) => ({ enrollment, action, channel, subject, order }));
  });
}

/** The ticket or order that the step is about. One whose `about` fails is about nothing: silence is the safe side. */
function subjectOf(run: Run, enrollment: Enrollment, { about }: DecideStep): string | null {
  if (about === null) return enrollment.key;
  const result = run.evaluate(about, run.about(enrollment));
  if (!result.ok) run.failed(about, result.error);
  return (result.ok ? textOf(result.value) : undefined) ?? null;
}

/** Deliveries planned earlier in this very run count for caps and spacing, as if they were rows. */
function plannedFacts(run: Run): DeliveryFact[] {
  return run.plan.deliveries.map((d) => ({ ...d, state: 'planned' as const, refusal: null }));
}

function take(run: Run, enrollment: Enrollment, candidates: Candidate[], choice: Choice): void {
  const step = run.stepOf(enrollment) as DecideStep;
  const chosen = choice.chosen.find((c) => c.enrollment === enrollment);
  if (chosen && !refusedLately(run, enrollment, choice))
    return act(run, enrollment, all(candidates, step, chosen, choice));
  if (choice.nothing.includes(enrollment.id))
    return moveTo(run, enrollment, outcomeOf(step, 'nothing'), 'nothing');

  const judged = choice.judged.filter((j) => j.enrollmentId === enrollment.id);
  const lifts = judged.map(liftOf).filter((lift) => lift !== null);
  if (lifts.length === 0) return moveTo(run, enrollment, outcomeOf(step, 'nothing'), 'nothing can lift');
  const expires = enrollment.since + step.hold;
  const soonest = earliest(...lifts.map((lift) => lift.at));
  const onFact = lifts.flatMap((lift) => lift.on);
  if (expires <= run.now || (onFact.length === 0 && soonest !== null && soonest > expires)) {
    return moveTo(run, enrollment, outcomeOf(step, 'expired'), 'hold passed');
  }
  const together = lifts.some((lift) => lift.at === soonest && lift.together);
  const recheckAt = earliest(soonest, expires, run.now + RECHECK) as Instant;
  hold(run, enrollment, recheckAt, together && recheckAt === soonest, [...new Set(onFact)]);
}

/**
 * When a blocked candidate may be free: all its reasons must lift; null if one never does. A reason may lift by time
 * or by an event, whichever comes first (a snooze); the time is known only where each of them has one.
 */
function liftOf(judged: JudgedCandidate): { at: Instant | null; on: string[]; together: boolean } | null {
  const blocking = judged.gates.filter((gate) => !gate.pass);
  if (blocking.some((gate) => !gate.liftsAt && !gate.liftsOn)) return null;
  const on = blocking.flatMap((gate) => (gate.liftsOn ? [gate.liftsOn] : []));
  const times = blocking.flatMap((gate) => (gate.liftsAt ? [gate.liftsAt] : []));
  const at = times.length > 0 && times.length === blocking.length ? Math.max(...times) : null;
  return { at, on, together: blocking.some((gate) => gate.gate === 'quiet_hours' && gate.liftsAt === at) };
}

/**
 * The gates allow what a claim has just refused: its snapshot was another, or two clocks differ by a rounding.
 * The refusal is then one more gate, lifted by time, and stands in the decision like any other.
 */
function refusedLately(run: Run, enrollment: Enrollment, choice: Choice): boolean {
  if (enrollment.status.kind !== 'held') return false;
  const { refusal } = enrollment.status;
  if (!refusal || refusal.notBefore <= run.now) return false;
  for (const judged of choice.judged.filter((j) => j.enrollmentId === enrollment.id)) {
    if (judged.verdict === 'chosen' || judged.verdict === 'allowed') judged.verdict = 'blocked';
    judged.gates.push({ gate: 'claim', pass: false, code: refusal.code, liftsAt: refusal.notBefore });
  }
  return true;
}

function hold(
  run: Run,
  enrollment: Enrollment,
  recheckAt: Instant,
  together: boolean,
  liftsOn: string[],
): void {
  const before = enrollment.status.kind === 'held' ? enrollment.status : null;
  enrollment.status = {
    kind: 'held',
    since: before?.since ?? run.now,
    recheckAt: Math.max(recheckAt, run.now + SECOND),
    ...(together ? { together } : {}),
    liftsOn,
    refusal: before?.refusal ?? null,
  };
}

/** `deliver: all`: the chosen action through every channel that is allowed, in the order of its list. */
function all(
  candidates: Candidate[],
  step: DecideStep,
  chosen: Candidate,
  choice: Choice,
): [Candidate, ...Candidate[]] {
  if (step.deliver === 'one' || chosen.channel === DESK) return [chosen];
  const others = candidates.filter((candidate) => {
    if (candidate === chosen || candidate.enrollment !== chosen.enrollment) return false;
    if (candidate.action !== chosen.action) return false;
    const judged = choice.judged.find(
      (j) =>
        j.enrollmentId === candidate.enrollment.id &&
        j.action === candidate.action.id &&
        j.channel === candidate.channel,
    );
    if (judged?.verdict !== 'allowed') return false;
    judged.verdict = 'chosen';
    judged.propensity = 1;
    return true;
  });
  return [chosen, ...others];
}

function act(run: Run, enrollment: Enrollment, chosen: [Candidate, ...Candidate[]]): void {
  const [{ action, channel }] = chosen;
  const step = run.stepOf(enrollment) as DecideStep;
  const common = {
    enrollmentId: enrollment.id,
    action: action.id,
    class: action.class,
    topic: action.topic,
    key: enrollment.key,
    subject: chosen[0].subject,
    bundleVersion: enrollment.pinned ? enrollment.version : run.input.bundle.version,
    at: run.now,
  };
  if (action.task && channel === DESK) {
    const id = run.mint('tsk', run.plan.tasks.length);
    run.plan.tasks.push({
      ...common,
      id,
      queue: action.task.queue,
      acknowledgeBy: run.now + action.task.acknowledge,
      resolveBy: run.now + action.task.resolve,
      why: why(run, chosen[0]),
    });
    enrollment.status = { kind: 'tasked', task: id };
    return;
  }
  const { purpose } = action;
  const { entry } = enrollment;
  const notAfter = enrollment.since + step.hold;
  const deliveries = chosen.map((candidate) => {
    const id = run.mint('dlv', run.plan.deliveries.length);
    run.plan.deliveries.push({ ...common, purpose, id, channel: candidate.channel, notAfter, entry });
    return id;
  });
  const refusals = enrollment.status.kind === 'held' ? (enrollment.status.refusal?.count ?? 0) : 0;
  enrollment.status = { kind: 'delivering', deliveries, refusals };
}

/** In words for the agent: the event that led here, and the conditions that made the action eligible. */
function why(run: Run, chosen: Candidate): string[] {
  const opened = chosen.enrollment.entry.name.toLowerCase().replaceAll(' ', '_');
  const value = run.input.scores.value;
  return value !== undefined && value >= 0.8 ? [opened, 'value_high'] : [opened];
}
