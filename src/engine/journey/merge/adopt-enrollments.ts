import type { JourneyEvent } from '../../../domain/event.ts';
import type { Enrollment } from '../../../domain/state.ts';
import type { AdvanceRun } from '../advance-run.ts';
import { isOvertaken } from '../closing-events.ts';
import { hasRoom } from '../enter/enrollment-room.ts';
import { endEnrollment } from '../exits.ts';
import { overdueMessageId } from '../fold-tickets.ts';
import { reconcileWithDefinitions } from '../reconcile-definitions.ts';
import { matchesTrigger } from '../trigger.ts';
import {
  earliestKnownSince,
  experimentSeed,
  type MergeSide,
  mergeDates,
  mergeSegments,
  mergeStage,
  olderSide,
  readMerge,
} from './merge-states.ts';
import { resolveDuplicates } from './resolve-duplicates.ts';

/**
 * `Customer Merged`: adopts the enrollments of the customer who was merged into this one. The two logs continue as one,
 * so the adopted enrollments count events from this one on. Entry limits do not apply to them: they have entered
 * before.
 * @throws Error if the event lacks `context.merged`, which marks it as poison
 */
export function adoptEnrollments(run: AdvanceRun, event: JourneyEvent): void {
  const merged = readMerge(event);
  if (!merged) throw new Error('the merge carries no journeys: context.merged is missing');
  const { facts } = run.input;
  const { state } = run;
  const loser: MergeSide = merged;
  const winner: MergeSide = {
    customerId: facts.customerId,
    knownSince: merged.intoKnownSince ?? facts.knownSince,
    state: { ...state },
  };
  const older = olderSide(winner, loser);
  const seed = experimentSeed(older);
  state.seed = seed === facts.customerId ? null : seed;
  if (state.seed !== null) state.seedSince = earliestKnownSince(older);
  state.segments = mergeSegments(state.segments, loser.state.segments);
  state.dates = mergeDates(state.dates, loser.state.dates);
  state.stage = mergeStage(state.stage, loser.state.stage);

  const own = [...state.enrollments];
  const ownIds = new Set(own.map((enrollment) => enrollment.id));
  const adopted = loser.state.enrollments
    .filter((enrollment) => !ownIds.has(enrollment.id))
    .map((enrollment) => rebase(enrollment, event.seq));
  for (const enrollment of adopted) {
    state.enrollments.push(enrollment);
    const { id, journey } = enrollment;
    run.record.changes.push({ kind: 'adopted', enrollment: id, journey, from: loser.customerId });
    run.isolate(enrollment, () => reconcileWithDefinitions(run, enrollment));
  }
  resolveDuplicates(run, own, adopted, older === loser);
  for (const enrollment of adopted) run.isolate(enrollment, () => endIfOvertaken(run, enrollment, event));
  endBeyondRoom(run, adopted);
  dropPublishedOverdue(run, loser);
  for (const enrollment of state.enrollments) run.markedForRecheck.add(enrollment.id);
}

/** The two logs count on their own. Every event of the loser's log comes before all that follow in this one. */
function rebase(enrollment: Enrollment, seq: number): Enrollment {
  const clone = structuredClone(enrollment);
  return { ...clone, sinceSeq: seq, entry: { ...clone.entry, seq } };
}

/** The winner's log may hold what ends an adopted journey: the loser left the cart, the winner placed the order. */
function endIfOvertaken(run: AdvanceRun, enrollment: Enrollment, merge: JourneyEvent): void {
  const journey = run.journeyOf(enrollment);
  if (!journey || !run.state.enrollments.includes(enrollment)) return;
  const overtaken = isOvertaken(run, journey, enrollment.entry, merge.seq, (trigger, event) =>
    matchesTrigger(run, trigger, { ...event, source: '' }, enrollment),
  );
  if (overtaken) endEnrollment(run, enrollment, 'overtaken');
}

/** Ends the adopted enrollments for which there is no room, those that entered last. */
function endBeyondRoom(run: AdvanceRun, adopted: Enrollment[]): void {
  const isOpen = (enrollment: Enrollment) => run.state.enrollments.includes(enrollment);
  const byAge = adopted.filter(isOpen).sort((a, b) => a.enteredAt - b.enteredAt || (a.id < b.id ? -1 : 1));
  const kept = run.state.enrollments.filter((enrollment) => !byAge.includes(enrollment));
  for (const enrollment of byAge) {
    if (hasRoom(kept, enrollment)) kept.push(enrollment);
    else endEnrollment(run, enrollment, 'no_room');
  }
}

/** Drops `Ticket Overdue` for a ticket that was already published as overdue for the loser. */
function dropPublishedOverdue(run: AdvanceRun, { state: { openTickets } }: MergeSide): void {
  const published = openTickets.filter((t) => t.overdue).map((t) => overdueMessageId(t.id, t.since));
  run.plan.outbox = run.plan.outbox.filter(({ messageId }) => !published.includes(messageId));
}
