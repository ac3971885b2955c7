import type { DateEntry, JourneyDef } from '../../../domain/definition.ts';
import { isInGlobalControl, isInHoldout } from '../../../domain/holdout.ts';
import type { Enrollment } from '../../../domain/state.ts';
import type { AdvanceRun } from '../advance-run.ts';
import { endEnrollment } from '../exits.ts';

/** Keys are indexed; a longer one could never be stored, and its customer's decisions never commit. */
const LONGEST_KEY = 255;

/** What asks to enter, whichever way it came. */
export interface EntryRequest {
  key: string | null;
  entry: Enrollment['entry'];
  /** What ends the journey has happened since: asked only when everything else is well. */
  isOvertaken?: () => boolean;
  /** By a date: its key is the local date, and it comes once. */
  dateRepeat?: DateEntry['repeat'];
}

/**
 * Enters the customer into a journey, unless one of its rules says no: then the refusal is recorded. The only place
 * where enrollments begin.
 */
export function openEnrollment(
  run: AdvanceRun,
  journey: JourneyDef,
  opening: EntryRequest,
): Enrollment | null {
  const refusal = whyNot(run, journey, opening);
  if (refusal !== null) {
    recordRefusedEntry(run, journey, opening, refusal);
    return null;
  }
  const { key, entry } = opening;
  const open = standingIn(run, journey, opening);
  if (open) endEnrollment(run, open, 'restarted');

  const arm = armOf(run, journey);
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

/** Records that somebody wasn't let in, and why. */
export function recordRefusedEntry(
  run: AdvanceRun,
  journey: Pick<JourneyDef, 'id'>,
  { key, entry }: Pick<EntryRequest, 'key'> & { entry: { id: string } },
  reason: string,
): void {
  const shown = key?.slice(0, LONGEST_KEY) ?? null;
  run.record.changes.push({ kind: 'not_entered', journey: journey.id, key: shown, event: entry.id, reason });
}

/**
 * The enrollment that this one would meet. A one-off date that moves is the same matter under another key: the model's
 * guess of tomorrow must not open a second passage beside today's.
 */
function standingIn(
  run: AdvanceRun,
  journey: JourneyDef,
  { key, dateRepeat: dated }: EntryRequest,
): Enrollment | undefined {
  const open = run.state.enrollments.filter((e) => e.journey === journey.id);
  return open.find((e) => e.key === key) ?? (dated === 'once' && journey.key === null ? open[0] : undefined);
}

/** The reason that keeps the customer out, or null. */
function whyNot(run: AdvanceRun, journey: JourneyDef, opening: EntryRequest): string | null {
  const { key, isOvertaken: overtaken, dateRepeat: dated } = opening;
  if (journey.key !== null && key === null) return `the event has no ${journey.key}`;
  if (key !== null && key.length > LONGEST_KEY)
    return `its ${journey.key ?? 'key'} is longer than ${LONGEST_KEY} characters`;
  const met = standingIn(run, journey, opening);
  if (met && (journey.whileOpen === 'ignore' || (dated && met.key === key))) return 'already_open';
  const open = run.state.enrollments.filter((e) => e.journey === journey.id && e !== met);
  if (journey.limit !== null && open.length >= journey.limit) return 'limit';

  const before = [...run.input.facts.pastEnrollments, ...run.plan.endedEnrollments]
    .filter((e) => e.journey === journey.id && e.key === key)
    .map((e) => e.enteredAt);
  if (before.length > 0) {
    if (journey.reenter === 'never' || dated) return 'entered_before';
    if (journey.reenter !== 'always' && Math.max(...before) + journey.reenter.after > run.now)
      return 'entered_recently';
  }
  return overtaken?.() ? 'overtaken' : null;
}

/**
 * Holdouts belong to marketing. Hashed, so that the arm is the same over versions and re-entries; some customers are
 * controls of all marketing journeys at once.
 */
function armOf(run: AdvanceRun, journey: JourneyDef): Enrollment['arm'] {
  if (journey.class !== 'marketing') return 'treated';
  const { workspace } = run.input.facts;
  const everywhere = isInGlobalControl(workspace, run.experimentSubject, run.input.bundle.workspace.holdout);
  return everywhere || isInHoldout(workspace, journey.id, run.experimentSubject, journey.holdout)
    ? 'control'
    : 'treated';
}
