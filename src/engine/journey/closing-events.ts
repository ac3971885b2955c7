import type { JourneyDef, Trigger } from '../../domain/definition.ts';
import { isAccountEcho } from '../../domain/event.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { AdvanceInput } from './advance-input.ts';
import type { AdvanceRun } from './advance-run.ts';

type PastEvent = AdvanceInput['closingEvents'][number];

/** The triggers that end a journey: its exits by event, and its goal if reaching the goal ends it. */
export function closingTriggers({ exit, goal }: JourneyDef): Trigger[] {
  const exits = exit.flatMap((definition) => (definition.kind === 'event' ? [definition.trigger] : []));
  return goal?.exit ? [...exits, goal] : exits;
}

/**
 * Whether an enrollment would enter too late: an event that ends the journey happened after the entering event, but was
 * accepted before `beforeSeq`. An order that is already paid must not be rescued.
 * @param matches whether a past event is what the trigger waits for
 */
export function isOvertaken(
  run: AdvanceRun,
  journey: JourneyDef,
  entry: { at: Instant },
  beforeSeq: number,
  matches: (trigger: Trigger, event: PastEvent) => boolean,
): boolean {
  const earlier = run.input.events.filter(
    (event) => event.seq < beforeSeq && !event.repeats && !isAccountEcho(event),
  );
  const later = [...run.input.closingEvents, ...earlier].filter((event) => event.at > entry.at);
  return closingTriggers(journey).some((trigger) => later.some((event) => matches(trigger, event)));
}
