import { dataUseOf } from '../../../domain/customer/attribute.ts';
import { EVENT, type JourneyEvent, toText } from '../../../domain/event.ts';
import type { AdvanceRun } from '../advance-run.ts';
import { readKey } from './by-event.ts';
import { isInSegment } from './by-segment.ts';
import { openEnrollment, recordRefusedEntry } from './open-enrollment.ts';

/** Enters the customer by a command: `Entry Due` of a schedule, or `Enrollment Requested` of an API client. */
export function enterByCommand(run: AdvanceRun, event: JourneyEvent): void {
  if (event.name === EVENT.enrollmentRequested) enterOnRequest(run, event);
  if (event.name === EVENT.entryDue && event.properties.reason === 'schedule') enterOnSchedule(run, event);
}

/** `Enrollment Requested {journey, …}`. The other properties become those of the entry and hold the journey's key. */
function enterOnRequest(run: AdvanceRun, event: JourneyEvent): void {
  const { journey: id, ...properties } = event.properties;
  const journey = run.input.bundle.journeys.find((j) => j.id === id);
  const request = {
    key: journey ? readKey(journey, properties) : null,
    entry: buildEntry(event, properties),
  };
  if (!journey) return recordRefusedEntry(run, { id: shortenId(id) }, request, 'no such journey');
  if (!journey.enter.some((entry) => entry.kind === 'api'))
    return recordRefusedEntry(run, journey, request, 'the journey has no api entry');
  if (event.acceptedAt < journey.activeSince)
    return recordRefusedEntry(run, journey, request, 'older than the journey');
  openEnrollment(run, journey, request);
}

/** `Entry Due {journey, entry, occurrence}`. The segment is evaluated now, not when the sweep appended the event. */
function enterOnSchedule(run: AdvanceRun, event: JourneyEvent): void {
  const { journey: id, entry: index, occurrence } = event.properties;
  const journey = run.input.bundle.journeys.find((j) => j.id === id);
  const request = {
    key: journey ? readKey(journey, event.properties) : null,
    entry: buildEntry(event, event.properties),
  };
  if (!journey) return recordRefusedEntry(run, { id: shortenId(id) }, request, 'no such journey');
  const entry = typeof index === 'number' ? journey.enter[index] : undefined;
  if (entry?.kind !== 'schedule')
    return recordRefusedEntry(run, journey, request, 'the journey has no such schedule any more');
  if (event.acceptedAt < journey.activeSince)
    return recordRefusedEntry(run, journey, request, 'older than the journey');
  const isOpen = run.state.enrollments.some(
    (e) =>
      e.journey === id &&
      e.entry.name === EVENT.entryDue &&
      e.entry.properties.occurrence === occurrence &&
      e.entry.properties.entry === index,
  );
  if (isOpen) return recordRefusedEntry(run, journey, request, 'already_open');
  if (entry.where !== null && !isInSegment(run, entry.where, dataUseOf(journey)))
    return recordRefusedEntry(run, journey, request, `outside the segment ${entry.where}`);
  openEnrollment(run, journey, request);
}

/** The id that the client sent, cut to a length that fits the record. */
function shortenId(id: unknown): string {
  return (toText(id) ?? '?').slice(0, 64);
}

function buildEntry({ id, name, at, seq }: JourneyEvent, properties: Record<string, unknown>) {
  return { id, name, at, seq, properties };
}
