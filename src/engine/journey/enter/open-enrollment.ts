import type { DateEntry, JourneyDef } from '../../../domain/definition.ts';
import { isInGlobalControl, isInHoldout } from '../../../domain/holdout.ts';
import type { Enrollment } from '../../../domain/state.ts';
import type { AdvanceRun } from '../advance-run.ts';
import { endEnrollment } from '../exits.ts';
import { hasRoom } from './enrollment-room.ts';

/** Keys are indexed. A longer key could not be stored, so that the customer's decisions would never commit. */
const LONGEST_KEY = 255;

/** A request to enter a journey, by whichever kind of entry. */
export interface EntryRequest {
  key: string | null;
  entry: Enrollment['entry'];
  /** Whether an event that ends the journey has happened since. Evaluated only if all other rules allow the entry. */
  isOvertaken?: () => boolean;
  /** Set for an entry by date. Its key is the local date, and each date enters once. */
  dateRepeat?: DateEntry['repeat'];
}

/**
 * Enters the customer into a journey, or records why an entry rule refuses it. This is the only place where enrollments
 * begin.
 */
export function openEnrollment(
  run: AdvanceRun,
  journey: JourneyDef,
  request: EntryRequest,
): Enrollment | null {
  const refusal = findRefusal(run, journey, request);
  if (refusal !== null) {
    recordRefusedEntry(run, journey, request, refusal);
    return null;
  }
  const { key, entry } = request;
  const open = findOpenEnrollment(run, journey, request);
  if (open) endEnrollment(run, open, 'restarted');

  const arm = assignArm(run, journey);
  const enrollment: Enrollment = {
    id: run.mintId('enr', run.plan.enteredEnrollments.length),
    journey: journey.id,
    version: run.input.bundle.version,
    key,
    arm,
    enteredAt: run.now,
    entry,
    step: journey.steps[0]?.id ?? 'exit',
    since: run.now,
    sinceSeq: run.processedSeq,
    status: arm === 'control' ? { kind: 'control' } : { kind: 'running' },
    goalAt: null,
    vars: {},
    pinned: journey.versions === 'pin',
    excluded: false,
    holding: {},
  };
  run.state.enrollments.push(enrollment);
  run.plan.enteredEnrollments.push(enrollment);
  const { id } = enrollment;
  run.record.changes.push({
    kind: 'entered',
    enrollment: id,
    journey: journey.id,
    key,
    arm,
    event: entry.id,
  });
  return enrollment;
}

/** Records that the customer did not enter, and why. */
export function recordRefusedEntry(
  run: AdvanceRun,
  journey: Pick<JourneyDef, 'id'>,
  { key, entry }: Pick<EntryRequest, 'key'> & { entry: { id: string } },
  reason: string,
): void {
  const shortKey = key?.slice(0, LONGEST_KEY) ?? null;
  run.record.changes.push({
    kind: 'not_entered',
    journey: journey.id,
    key: shortKey,
    event: entry.id,
    reason,
  });
}

/**
 * The open enrollment that the requested one would duplicate: same journey, same key. A one-off date that moves changes
 * the key of the same enrollment, so there any open enrollment of the journey counts.
 */
function findOpenEnrollment(
  run: AdvanceRun,
  journey: JourneyDef,
  { key, dateRepeat }: EntryRequest,
): Enrollment | undefined {
  const open = run.state.enrollments.filter((e) => e.journey === journey.id);
  return (
    open.find((e) => e.key === key) ?? (dateRepeat === 'once' && journey.key === null ? open[0] : undefined)
  );
}

/** The rule that refuses the entry, or null. */
function findRefusal(run: AdvanceRun, journey: JourneyDef, request: EntryRequest): string | null {
  const { key, isOvertaken, dateRepeat } = request;
  if (journey.key !== null && key === null) return `the event has no ${journey.key}`;
  if (key !== null && key.length > LONGEST_KEY)
    return `its ${journey.key ?? 'key'} is longer than ${LONGEST_KEY} characters`;
  const duplicate = findOpenEnrollment(run, journey, request);
  if (duplicate && (journey.whileOpen === 'ignore' || (dateRepeat && duplicate.key === key)))
    return 'already_open';
  const open = run.state.enrollments.filter((e) => e.journey === journey.id && e !== duplicate);
  if (journey.limit !== null && open.length >= journey.limit) return 'limit';

  const before = [...run.input.facts.pastEnrollments, ...run.plan.endedEnrollments]
    .filter((e) => e.journey === journey.id && e.key === key)
    .map((e) => e.enteredAt);
  if (before.length > 0) {
    if (journey.reenter === 'never' || dateRepeat) return 'entered_before';
    if (journey.reenter !== 'always' && Math.max(...before) + journey.reenter.after > run.now)
      return 'entered_recently';
  }
  if (isOvertaken?.()) return 'overtaken';
  const others = run.state.enrollments.filter((e) => e !== duplicate);
  return hasRoom(others, { journey: journey.id, entry: request.entry }) ? null : 'no_room';
}

/**
 * The experiment arm. Only marketing journeys have holdouts. The arm is hashed from the customer id, so that it is the
 * same over versions and re-entries. The global control group is in control of all marketing journeys.
 */
function assignArm(run: AdvanceRun, journey: JourneyDef): Enrollment['arm'] {
  if (journey.class !== 'marketing') return 'treated';
  const { workspace } = run.input.facts;
  const isGlobalControl = isInGlobalControl(
    workspace,
    run.experimentSubject,
    run.input.bundle.workspace.holdout,
  );
  return isGlobalControl || isInHoldout(workspace, journey.id, run.experimentSubject, journey.holdout)
    ? 'control'
    : 'treated';
}
