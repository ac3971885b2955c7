import type { JourneyDef, Trigger } from '../../domain/definition.ts';

/** What ends a journey by an event: its exits, and its goal where reaching it is the end. */
export function closingTriggers({ exit, goal }: JourneyDef): Trigger[] {
  const exits = exit.flatMap((one) => (one.kind === 'event' ? [one.trigger] : []));
  return goal?.exit ? [...exits, goal] : exits;
}
