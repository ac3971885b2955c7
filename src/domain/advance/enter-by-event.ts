import { useOf } from '../attribute.ts';
import { indexOf } from '../bundle-index.ts';
import { closingTriggers } from '../closing.ts';
import type { Entry, JourneyDef } from '../definition.ts';
import { isEcho, type JourneyEvent, textOf } from '../event.ts';
import { own } from '../own.ts';
import { openEnrollment } from './open.ts';
import type { Run } from './run.ts';
import { read } from './trigger.ts';

/** Enters the customer into every journey that this event opens. */
export function enterByEvent(run: Run, event: JourneyEvent): void {
  for (const journey of indexOf(run.input.bundle).openedBy.get(event.name) ?? []) {
    if (event.acceptedAt < journey.activeSince) continue;
    if (!journey.enter.some((entry) => opens(run, journey, entry, event))) continue;
    const key = keyIn(journey, event.properties);
    const { id, name, at, seq, properties } = event;
    openEnrollment(run, journey, {
      key,
      entry: { id, name, at, seq, properties },
      overtaken: () => overtaken(run, journey, key, event),
    });
  }
}

function opens(run: Run, journey: JourneyDef, entry: Entry, event: JourneyEvent): boolean {
  if (entry.kind !== 'event') return false;
  const { on, when, match } = entry.trigger;
  return (
    on === event.name &&
    (!isEcho(event) || match === 'account') &&
    event.acceptedAt - event.at <= entry.maxAge &&
    run.holds(when, { enrollment: null, event: read(event), use: useOf(journey) })
  );
}

/** The value of the journey's key among an event's properties; null if it has none, or the journey has no key. */
export function keyIn(journey: JourneyDef, properties: Record<string, unknown>): string | null {
  return journey.key === null ? null : (textOf(own(properties, journey.key)) ?? null);
}

/** Whether what would end or fulfil the journey has already happened after the event: a paid order isn't rescued. */
function overtaken(run: Run, journey: JourneyDef, key: string | null, event: JourneyEvent): boolean {
  const closing = closingTriggers(journey);
  const past = [...run.input.ends, ...run.input.events.filter((e) => e.seq < event.seq && !isEcho(e))];
  return closing.some((trigger) =>
    past.some(
      (other) =>
        other.name === trigger.on &&
        other.at > event.at &&
        (trigger.match !== 'key' || journey.key === null || keyIn(journey, other.properties) === key) &&
        run.holds(trigger.when, { enrollment: null, event: read(other), use: useOf(journey) }),
    ),
  );
}
