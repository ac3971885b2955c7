import { isAccountEcho, type JourneyEvent } from '../../../domain/event.ts';
import type { Enrollment } from '../../../domain/state.ts';
import type { AdvanceRun } from '../advance-run.ts';
import { closingTriggers } from '../closing-triggers.ts';
import { cancelEffects, endEnrollment } from '../exits.ts';
import { overdueMessageId } from '../fold-tickets.ts';
import { reconcileWithDefinitions } from '../reconcile-definitions.ts';
import { beginStep } from '../steps/run-steps.ts';
import { matchesTrigger } from '../trigger.ts';
import {
  type EnrollmentProgress,
  earliestKnownSince,
  experimentSeed,
  type MergeSide,
  mergeDates,
  mergeSegments,
  mergeStage,
  moreAdvanced,
  olderSide,
  readMerge,
} from './merge-states.ts';

/**
 * `Customer Merged`: takes over the journeys of the customer who is no more. Both logs are one from here on, so the
 * adopted enrollments count from this event. No limit keeps anybody out: they have been in.
 * @throws Error when the event doesn't carry what it has to, which marks it as poison.
 */
export function adoptEnrollments(run: AdvanceRun, event: JourneyEvent): void {
  const merged = readMerge(event);
  if (!merged) throw new Error('the merge carries no journeys: context.merged is missing');
  const { facts } = run.input;
  const loser: MergeSide = merged;
  const winner: MergeSide = {
    customerId: facts.customerId,
    knownSince: merged.intoKnownSince ?? facts.knownSince,
    state: { ...run.state },
  };
  const older = olderSide(winner, loser);
  const seed = experimentSeed(older);
  const { state } = run;
  state.seed = seed === facts.customerId ? null : seed;
  if (state.seed !== null) state.seedSince = earliestKnownSince(older);
  state.segments = mergeSegments(state.segments, loser.state.segments);
  state.dates = mergeDates(state.dates, loser.state.dates);
  state.stage = mergeStage(state.stage, loser.state.stage);

  const own = [...state.enrollments];
  const known = new Set(own.map((e) => e.id));
  const adopted = loser.state.enrollments.filter((e) => !known.has(e.id)).map((e) => rebased(e, event.seq));
  for (const enrollment of adopted) {
    state.enrollments.push(enrollment);
    const { id, journey } = enrollment;
    run.record.changes.push({ kind: 'adopted', enrollment: id, journey, from: loser.customerId });
    run.isolate(enrollment, () => reconcileWithDefinitions(run, enrollment));
  }
  meet(run, own, adopted, older === loser);
  for (const enrollment of adopted) run.isolate(enrollment, () => overtake(run, enrollment, event));
  forgetTold(run, loser);
  for (const enrollment of state.enrollments) run.markedForRecheck.add(enrollment.id);
}

/** What ends the journey had happened here before the two were known to be one: the cart of the one, the order of the other. */
function overtake(run: AdvanceRun, enrollment: Enrollment, merge: JourneyEvent): void {
  const journey = run.journeyOf(enrollment);
  if (!journey || !run.state.enrollments.includes(enrollment)) return;
  const closing = closingTriggers(journey);
  const here = [
    ...run.input.closingEvents,
    ...run.input.events.filter((e) => e.seq < merge.seq && !isAccountEcho(e)),
  ];
  const later = here.filter((e) => e.at > enrollment.entry.at);
  const over = later.some((e) =>
    closing.some((t) => matchesTrigger(run, t, { ...e, source: '' }, enrollment)),
  );
  if (over) endEnrollment(run, enrollment, 'overtaken');
}

/** A ticket that the other one was told of as overdue came along: it isn't told of again. */
function forgetTold(run: AdvanceRun, { state: { openTickets } }: MergeSide): void {
  const told = openTickets.filter((t) => t.overdue).map((t) => overdueMessageId(t.id, t.since));
  const { outbox } = run.plan;
  outbox.splice(0, outbox.length, ...outbox.filter((said) => !told.includes(said.messageId)));
}

/** The two logs have their own numbers: what was taken of the other one comes before everything that follows here. */
function rebased(enrollment: Enrollment, seq: number): Enrollment {
  const clone = structuredClone(enrollment);
  return { ...clone, sinceSeq: seq, entry: { ...clone.entry, seq } };
}

/** Where both were in one journey: of equal keys the further one goes on, and all of it in the older customer's arm. */
function meet(run: AdvanceRun, own: Enrollment[], adopted: Enrollment[], adoptedIsOlder: boolean): void {
  for (const id of new Set(adopted.map((e) => e.journey))) {
    const stands = (e: Enrollment) => e.journey === id && run.state.enrollments.includes(e);
    const [mine, theirs] = [own.filter(stands), adopted.filter(stands)];
    const arm = (adoptedIsOlder ? theirs : mine)[0]?.arm;
    const differ = arm !== undefined && [...mine, ...theirs].some((e) => e.arm !== arm);
    for (const e of mine) {
      const other = theirs.find((t) => t.key === e.key);
      if (other) endOne(run, e, other);
    }
    if (!differ || mine.length === 0 || theirs.length === 0) continue;
    for (const e of [...mine, ...theirs].filter(stands)) setArm(run, e, arm);
  }
}

function endOne(run: AdvanceRun, a: Enrollment, b: Enrollment): void {
  const stays = moreAdvanced(a, b, (e) => progressOf(run, e));
  const ends = stays === a ? b : a;
  const goals = [a.goalAt, b.goalAt].filter((at) => at !== null);
  if (stays.goalAt === null && goals[0] !== undefined) {
    stays.goalAt = goals[0];
    run.markChanged(stays);
  }
  const emitted = [...new Set([...(a.emitted ?? []), ...(b.emitted ?? [])])].sort();
  if (emitted.length > 0) stays.emitted = emitted;
  endEnrollment(run, ends, 'merged');
}

function progressOf(run: AdvanceRun, enrollment: Enrollment): EnrollmentProgress {
  const step = run.journeyOf(enrollment)?.steps.findIndex((s) => s.id === enrollment.step) ?? -1;
  const { status } = enrollment;
  const { deliveries, tasks } = run.input.facts;
  if (status.kind === 'delivering') {
    const mine = deliveries.filter((d) => status.deliveries.includes(d.id));
    return { step, begun: mine.some((d) => ['sending', 'sent', 'unknown'].includes(d.state)) ? 2 : 1 };
  }
  if (status.kind !== 'tasked') return { step, begun: 0 };
  const task = tasks.find((t) => t.id === status.task);
  return { step, begun: task && ['acknowledged', 'resolved'].includes(task.state) ? 2 : 1 };
}

/** The arm of the older known customer, for the one that they have become. Nobody can say any more what did what. */
function setArm(run: AdvanceRun, enrollment: Enrollment, arm: Enrollment['arm']): void {
  enrollment.excluded = true;
  run.markChanged(enrollment);
  if (enrollment.arm === arm) return;
  enrollment.arm = arm;
  cancelEffects(run, enrollment, 'merged into the other arm');
  if (arm === 'treated') return beginStep(run, enrollment);
  enrollment.status = { kind: 'control' };
}
