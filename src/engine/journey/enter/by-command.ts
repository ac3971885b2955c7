import { dataUseOf } from '../../../domain/customer/attribute.ts';
import { EVENT, type JourneyEvent, toText } from '../../../domain/event.ts';
import type { AdvanceRun } from '../advance-run.ts';
import { readKey } from './by-event.ts';
import { isInSegment } from './by-segment.ts';
import { openEnrollment, recordRefusedEntry } from './open-enrollment.ts';

/** Enters by a command: a schedule's `Entry Due`, or somebody's `Enrollment Requested`. */
export function enterByCommand(run: AdvanceRun, event: JourneyEvent): void {
  if (event.name === EVENT.enrollmentRequested) enterOnRequest(run, event);
  if (event.name === EVENT.entryDue && event.properties.reason === 'schedule') enterOnSchedule(run, event);
}

/** `Enrollment Requested {journey, …}`: the rest are the properties of the entry, and hold the journey's key. */
function enterOnRequest(run: AdvanceRun, event: JourneyEvent): void {
  const { journey: id, ...properties } = event.properties;
  const journey = run.input.bundle.journeys.find((j) => j.id === id);
  const asked = { key: journey ? readKey(journey, properties) : null, entry: entryOf(event, properties) };
  if (!journey) return recordRefusedEntry(run, { id: shown(id) }, asked, 'no such journey');
  if (!journey.enter.some((entry) => entry.kind === 'api'))
    return recordRefusedEntry(run, journey, asked, 'the journey has no api entry');
  if (event.acceptedAt < journey.activeSince)
    return recordRefusedEntry(run, journey, asked, 'older than the journey');
  openEnrollment(run, journey, asked);
}

/** `Entry Due {journey, entry, occurrence}`. Who is in the segment is asked now, not when the sweep passed. */
function enterOnSchedule(run: AdvanceRun, event: JourneyEvent): void {
  const { journey: id, entry: index, occurrence } = event.properties;
  const journey = run.input.bundle.journeys.find((j) => j.id === id);
  const asked = {
    key: journey ? readKey(journey, event.properties) : null,
    entry: entryOf(event, event.properties),
  };
  if (!journey) return recordRefusedEntry(run, { id: shown(id) }, asked, 'no such journey');
  const entry = journey.enter[Number(index)];
  if (entry?.kind !== 'schedule')
    return recordRefusedEntry(run, journey, asked, 'the journey has no such schedule any more');
  if (event.acceptedAt < journey.activeSince)
    return recordRefusedEntry(run, journey, asked, 'older than the journey');
  const known = run.state.enrollments.some(
    (e) =>
      e.journey === id &&
      e.entry.name === EVENT.entryDue &&
      e.entry.properties.occurrence === occurrence &&
      e.entry.properties.entry === index,
  );
  if (known) return recordRefusedEntry(run, journey, asked, 'already_open');
  if (entry.where !== null && !isInSegment(run, entry.where, dataUseOf(journey)))
    return recordRefusedEntry(run, journey, asked, `outside the segment ${entry.where}`);
  openEnrollment(run, journey, asked);
}

/** A name from outside, for the record of its refusal. */
function shown(id: unknown): string {
  return (toText(id) ?? '?').slice(0, 64);
}

function entryOf({ id, name, at, seq }: JourneyEvent, properties: Record<string, unknown>) {
  return { id, name, at, seq, properties };
}
