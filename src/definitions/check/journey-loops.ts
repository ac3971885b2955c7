import type { JourneyDef } from '../../domain/definition.ts';
import type { CompiledDefinition } from './definition.ts';
import { findInstantlyReachable } from './step-graph.ts';

/**
 * Reports journeys that enter each other by the events that they emit, without a wait in between: a customer would go
 * round forever. A journey that a customer enters only once breaks the loop.
 */
export function checkLoops(journeys: readonly CompiledDefinition<JourneyDef>[]): void {
  const defs = journeys.map(({ def }) => def);
  const entered = new Map(defs.map((def) => [def.id, listEnteredJourneys(def, defs)]));
  for (const { def, context } of journeys) {
    const loop = findLoop(def.id, entered);
    if (loop)
      context.error(
        'steps',
        `journeys enter each other without end: ${loop.join(' → ')}; add a wait before the emit, or set reenter: never`,
      );
  }
}

function listEnteredJourneys(journey: JourneyDef, all: readonly JourneyDef[]): string[] {
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

/** The shortest loop from a journey back to itself. Reported once: for the first of its journeys in the alphabet. */
function findLoop(start: string, entered: ReadonlyMap<string, string[]>): string[] | undefined {
  const paths: string[][] = (entered.get(start) ?? []).map((id) => [start, id]);
  const seen = new Set<string>();
  for (const path of paths) {
    const last = path.at(-1) as string;
    if (last === start) return path.some((id) => id < start) ? undefined : path;
    if (seen.has(last)) continue;
    seen.add(last);
    for (const next of entered.get(last) ?? []) paths.push([...path, next]);
  }
  return undefined;
}
