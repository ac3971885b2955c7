import { suggestName } from '../../content/nearest-name.ts';
import type { Step } from '../../domain/definition.ts';
import type { CompileContext } from '../check/context.ts';
import type { PreviousJourney } from '../check/definition.ts';
import type { JourneySource } from '../source/journey-schema.ts';

/**
 * Compiles `moved`: where enrollments at a removed step continue. Moves of earlier versions are kept and followed to a
 * step that exists, since an enrollment may have slept through several edits. An edit that removes a step without a move
 * is refused: customers may be at that step.
 */
export function compileMovedSteps(
  { moved, versions }: JourneySource,
  steps: readonly Step[],
  previous: PreviousJourney | undefined,
  { error }: CompileContext,
): Record<string, string> {
  const ids = new Set(steps.map((step) => step.id));
  const declared = new Map(Object.entries(moved));
  for (const [from, to] of declared) {
    if (ids.has(from)) error(`moved.${from}`, `step '${from}' still exists: remove this line`);
    if (to !== 'exit' && !ids.has(to)) {
      error(
        `moved.${from}`,
        `unknown step '${to}': use ${[...ids, 'exit'].join(', ')}${suggestName(to, ids)}`,
      );
    }
  }
  const earlier = new Map(Object.entries(previous?.moved ?? {}));
  for (const { id } of previous?.steps ?? []) {
    if (ids.has(id) || declared.has(id)) continue;
    // Pinned enrollments finish under their own version. Only one from before the pin could still be at this step.
    if (versions === 'pin' && previous?.versions === 'pin') earlier.set(id, 'exit');
    else
      error(
        'moved',
        `step '${id}' was removed: add moved: {${id}: …} with the step that its customers go to, or exit`,
      );
  }
  const moves = new Map([...earlier, ...declared]);
  return Object.fromEntries(
    [...moves.keys()].filter((from) => !ids.has(from)).map((from) => [from, follow(from, moves, ids)]),
  );
}

/** A destination may itself have been removed later. */
function follow(from: string, moves: ReadonlyMap<string, string>, ids: ReadonlySet<string>): string {
  let step = from;
  for (let hops = 0; hops <= moves.size; hops++) {
    const to = moves.get(step) ?? 'exit';
    if (to === 'exit' || ids.has(to)) return to;
    step = to;
  }
  return 'exit';
}
