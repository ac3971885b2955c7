import { indexBundle } from '../../../domain/bundle-index.ts';
import { dataUseOf } from '../../../domain/customer/attribute.ts';
import type { Entry, JourneyDef, Trigger } from '../../../domain/definition.ts';
import { isAccountEcho, type JourneyEvent } from '../../../domain/event.ts';
import { readKeyProperty } from '../../../domain/fact-id.ts';
import type { AdvanceRun } from '../advance-run.ts';
import { isOvertaken } from '../closing-events.ts';
import { toConditionEvent } from '../trigger.ts';
import { openEnrollment } from './open-enrollment.ts';

type TriggerEvent = Pick<JourneyEvent, 'name' | 'at' | 'properties'>;

/** Enters the customer into every journey that this event opens. */
export function enterByEvent(run: AdvanceRun, event: JourneyEvent): void {
  for (const journey of indexBundle(run.input.bundle).journeysOpenedBy.get(event.name) ?? []) {
    if (event.acceptedAt < journey.activeSince) continue;
    if (!journey.enter.some((entry) => opens(run, journey, entry, event))) continue;
    const key = readKey(journey, event.properties);
    const { id, name, at, seq, properties } = event;
    const closes = (trigger: Trigger, past: TriggerEvent) => wouldClose(run, journey, key, trigger, past);
    openEnrollment(run, journey, {
      key,
      entry: { id, name, at, seq, properties },
      isOvertaken: () => isOvertaken(run, journey, event, event.seq, closes),
    });
  }
}

function opens(run: AdvanceRun, journey: JourneyDef, entry: Entry, event: JourneyEvent): boolean {
  if (entry.kind !== 'event') return false;
  const { on, when, match } = entry.trigger;
  return (
    on === event.name &&
    (!isAccountEcho(event) || match === 'account') &&
    event.acceptedAt - event.at <= entry.maxAge &&
    holdsForEvent(run, journey, when, event)
  );
}

/** Whether a past event matches a closing trigger of an enrollment that is not open yet, and so has only its key. */
function wouldClose(
  run: AdvanceRun,
  journey: JourneyDef,
  key: string | null,
  { on, match, when }: Trigger,
  event: TriggerEvent,
): boolean {
  if (event.name !== on) return false;
  if (match === 'key' && journey.key !== null && readKey(journey, event.properties) !== key) return false;
  return holdsForEvent(run, journey, when, event);
}

function holdsForEvent(
  run: AdvanceRun,
  journey: JourneyDef,
  when: string | null,
  event: TriggerEvent,
): boolean {
  return run.holds(when, { enrollment: null, event: toConditionEvent(event), use: dataUseOf(journey) });
}

/** The value of the journey's key among an event's properties; null if it has none, or the journey has no key. */
export function readKey(journey: JourneyDef, properties: Record<string, unknown>): string | null {
  return journey.key === null ? null : (readKeyProperty(properties, journey.key) ?? null);
}
