import type { Step } from '../../domain/definition.ts';
import type { CompileContext } from '../check/context.ts';
import type { PreviousJourney } from '../check/definition.ts';
import type { JourneySource } from '../source/journey-schema.ts';

/**
 * Where enrollments go that stand on a step which is gone: of this edit, and of all earlier ones, followed through to a
 * step that there is. An edit that says nothing about a step it removes is refused, since customers may stand there.
 */
export function compileMovedSteps(
  { moved, versions }: JourneySource,
  steps: readonly Step[],
  previous: PreviousJourney | undefined,
  { error }: CompileContext,
): Record<string, string> {
  const ids = new Set(steps.map((step) => step.id));
  const said = new Map(Object.entries(moved));
  for (const [from, to] of said) {
    if (ids.has(from)) error(`moved.${from}`, `step '${from}' still exists: remove this line`);
    if (to !== 'exit' && !ids.has(to)) {
      error(`moved.${from}`, `unknown step '${to}': use ${[...ids, 'exit'].join(', ')}`);
    }
  }
  const before = new Map(Object.entries(previous?.moved ?? {}));
  for (const { id } of previous?.steps ?? []) {
    if (ids.has(id) || said.has(id)) continue;
    // Those inside end under their own version. Only who entered before it was pinned could still stand there.
    if (versions === 'pin' && previous?.versions === 'pin') before.set(id, 'exit');
    else
      error(
        'moved',
        `step '${id}' was removed: add moved: {${id}: …} with the step that its customers go to, or exit`,
      );
  }
  const all = new Map([...before, ...said]);
  return Object.fromEntries(
    [...all.keys()].filter((from) => !ids.has(from)).map((from) => [from, follow(from, all, ids)]),
  );
}

/** Earlier destinations may be gone in their turn. */
function follow(from: string, all: ReadonlyMap<string, string>, ids: ReadonlySet<string>): string {
  let at = from;
  for (let hops = 0; hops <= all.size; hops++) {
    const to = all.get(at) ?? 'exit';
    if (to === 'exit' || ids.has(to)) return to;
    at = to;
  }
  return 'exit';
}
