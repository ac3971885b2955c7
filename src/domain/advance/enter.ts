import type { JourneyDef } from '../definition.ts';
import { type JourneyEvent, textOf } from '../event.ts';
import { bucket } from '../hash.ts';
import type { Enrollment } from '../state.ts';
import { end } from './leave.ts';
import type { Run } from './run.ts';

/** Keys are indexed; a longer one could never be stored, and its customer's decisions never commit. */
const LONGEST_KEY = 255;

/** Enters the customer into every journey that this event opens. */
export function enterByEvent(run: Run, event: JourneyEvent): void {
  if (event.historical) return;
  for (const journey of run.input.bundle.journeys) {
    if (event.acceptedAt < journey.activeSince) continue;
    const opens = journey.enter.some(
      (entry) =>
        entry.on === event.name &&
        event.acceptedAt - event.at <= entry.maxAge &&
        run.holds(entry.when, null, { name: event.name, at: event.at, properties: event.properties }),
    );
    if (opens) enter(run, journey, event);
  }
}

function enter(run: Run, journey: JourneyDef, event: JourneyEvent): void {
  const key = journey.key === null ? null : (textOf(event.properties[journey.key]) ?? null);
  const refusal = whyNot(run, journey, key, event);
  if (refusal !== null) {
    run.changes.push({
      kind: 'not_entered',
      journey: journey.id,
      key: key?.slice(0, LONGEST_KEY) ?? null,
      event: event.id,
      reason: refusal,
    });
    return;
  }
  const open = run.state.enrollments.find((e) => e.journey === journey.id && e.key === key);
  if (open) end(run, open, 'restarted');

  const first = journey.steps[0];
  const arm =
    bucket(run.input.facts.workspace, journey.id, run.input.facts.customerId) < journey.holdout
      ? 'control'
      : 'treated';
  const enrollment: Enrollment = {
    id: run.mint('enr', run.plan.entered.length),
    journey: journey.id,
    version: run.input.bundle.version,
    key,
    arm,
    enteredAt: run.now,
    entry: { id: event.id, name: event.name, at: event.at, seq: event.seq, properties: event.properties },
    step: first?.id ?? 'exit',
    since: run.now,
    sinceSeq: event.seq,
    status: arm === 'control' ? { kind: 'control' } : { kind: 'running' },
    goalAt: null,
    vars: {},
  };
  run.state.enrollments.push(enrollment);
  run.plan.entered.push(enrollment);
  run.changes.push({
    kind: 'entered',
    enrollment: enrollment.id,
    journey: journey.id,
    key,
    arm,
    event: event.id,
  });
}

/** The reason that keeps the customer out, or null. */
function whyNot(run: Run, journey: JourneyDef, key: string | null, event: JourneyEvent): string | null {
  if (journey.key !== null && key === null) return `the event has no ${journey.key}`;
  if (key !== null && key.length > LONGEST_KEY)
    return `its ${journey.key} is longer than ${LONGEST_KEY} characters`;
  const open = run.state.enrollments.filter((e) => e.journey === journey.id);
  if (open.some((e) => e.key === key) && journey.whileOpen === 'ignore') return 'already_open';
  if (journey.limit !== null && open.length >= journey.limit) return 'limit';

  const before = [...run.input.facts.past, ...run.plan.ended]
    .filter((e) => e.journey === journey.id && e.key === key)
    .map((e) => e.enteredAt);
  if (before.length > 0) {
    if (journey.reenter === 'never') return 'entered_before';
    if (journey.reenter !== 'always' && Math.max(...before) + journey.reenter.after > run.now)
      return 'entered_recently';
  }
  return overtaken(run, journey, key, event) ? 'overtaken' : null;
}

/** Whether what would end or fulfil the journey has already happened after the event: a paid order isn't rescued. */
function overtaken(run: Run, journey: JourneyDef, key: string | null, event: JourneyEvent): boolean {
  const closing = journey.exit.flatMap((exit) => (exit.kind === 'event' ? [exit.trigger] : []));
  if (journey.goal?.exit) closing.push(journey.goal);
  const past = [...run.input.ends, ...run.input.events.filter((e) => e.seq < event.seq)];
  return closing.some((trigger) =>
    past.some(
      (other) =>
        other.name === trigger.on &&
        other.at > event.at &&
        (trigger.match === 'customer' ||
          journey.key === null ||
          textOf(other.properties[journey.key]) === key) &&
        run.holds(trigger.when, null, other),
    ),
  );
}
