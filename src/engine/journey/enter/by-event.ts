import { indexBundle } from '../../../domain/bundle-index.ts';
import { dataUseOf } from '../../../domain/customer/attribute.ts';
import type { Entry, JourneyDef } from '../../../domain/definition.ts';
import { isAccountEcho, type JourneyEvent, toText } from '../../../domain/event.ts';
import { getOwn } from '../../../domain/values/get-own.ts';
import type { AdvanceRun } from '../advance-run.ts';
import { closingTriggers } from '../closing-triggers.ts';
import { toConditionEvent } from '../trigger.ts';
import { openEnrollment } from './open-enrollment.ts';

/** Enters the customer into every journey that this event opens. */
export function enterByEvent(run: AdvanceRun, event: JourneyEvent): void {
  for (const journey of indexBundle(run.input.bundle).journeysOpenedBy.get(event.name) ?? []) {
    if (event.acceptedAt < journey.activeSince) continue;
    if (!journey.enter.some((entry) => opens(run, journey, entry, event))) continue;
    const key = readKey(journey, event.properties);
    const { id, name, at, seq, properties } = event;
    openEnrollment(run, journey, {
      key,
      entry: { id, name, at, seq, properties },
      isOvertaken: () => overtaken(run, journey, key, event),
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
    run.holds(when, { enrollment: null, event: toConditionEvent(event), use: dataUseOf(journey) })
  );
}

/** The value of the journey's key among an event's properties; null if it has none, or the journey has no key. */
export function readKey(journey: JourneyDef, properties: Record<string, unknown>): string | null {
  return journey.key === null ? null : (toText(getOwn(properties, journey.key)) ?? null);
}

/** Whether what would end or fulfil the journey has already happened after the event: a paid order isn't rescued. */
function overtaken(run: AdvanceRun, journey: JourneyDef, key: string | null, event: JourneyEvent): boolean {
  const closing = closingTriggers(journey);
  const past = [
    ...run.input.closingEvents,
    ...run.input.events.filter((e) => e.seq < event.seq && !isAccountEcho(e)),
  ];
  return closing.some((trigger) =>
    past.some(
      (other) =>
        other.name === trigger.on &&
        other.at > event.at &&
        (trigger.match !== 'key' || journey.key === null || readKey(journey, other.properties) === key) &&
        run.holds(trigger.when, {
          enrollment: null,
          event: toConditionEvent(other),
          use: dataUseOf(journey),
        }),
    ),
  );
}
