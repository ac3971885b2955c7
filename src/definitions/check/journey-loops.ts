import type { JourneyDef } from '../../domain/definition.ts';
import type { CompiledDefinition } from './definition.ts';
import { findInstantlyReachable } from './step-graph.ts';

/**
 * Journeys that open each other by what they emit, with nothing between that takes time: a customer would go round for
 * ever. One that is entered only once ends the circle.
 */
export function checkLoops(journeys: readonly CompiledDefinition<JourneyDef>[]): void {
  const defs = journeys.map(({ def }) => def);
  const opens = new Map(defs.map((def) => [def.id, openedBy(def, defs)]));
  for (const { def, context } of journeys) {
    const way = wayBack(def.id, opens);
    if (way)
      context.error(
        'steps',
        `journeys enter each other without end: ${way.join(' → ')}; add a wait before the emit, or set reenter: never`,
      );
  }
}

function openedBy(journey: JourneyDef, all: readonly JourneyDef[]): string[] {
  const emitted = findInstantlyReachable(journey.steps).flatMap((step) =>
    step.kind === 'emit' ? [step.event] : [],
  );
  if (emitted.length === 0) return [];
  return all
    .filter(
      ({ reenter, enter }) =>
        reenter === 'always' &&
        enter.some((entry) => entry.kind === 'event' && emitted.includes(entry.trigger.on)),
    )
    .map(({ id }) => id);
}

/** The shortest way from a journey to itself, told once: by the first of its circle in the alphabet. */
function wayBack(from: string, opens: ReadonlyMap<string, string[]>): string[] | undefined {
  const ways: string[][] = (opens.get(from) ?? []).map((id) => [from, id]);
  const seen = new Set<string>();
  for (const way of ways) {
    const at = way.at(-1) as string;
    if (at === from) return way.some((id) => id < from) ? undefined : way;
    if (seen.has(at)) continue;
    seen.add(at);
    for (const next of opens.get(at) ?? []) ways.push([...way, next]);
  }
  return undefined;
}
