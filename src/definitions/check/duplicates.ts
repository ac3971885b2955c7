import type { Problem } from '../source/problem.ts';
import type { DefinitionSource, Sources } from '../source/read-sources.ts';
import type { WorkspaceSource } from '../source/workspace-schema.ts';

/** The bundle's one workspace. None and several are errors; of several the first counts. */
export function requireOneWorkspace(
  { workspace }: Sources,
  errors: Problem[],
): DefinitionSource<WorkspaceSource> | undefined {
  if (workspace.length === 0 && !errors.some((error) => error.file === 'workspace.yaml')) {
    errors.push({ file: 'workspace.yaml', path: '', message: 'is missing: a bundle needs one' });
  }
  workspace[1]?.report('', 'a bundle is one workspace: remove this one');
  return workspace[0];
}

/** Reports every journey, action and placement whose id an earlier one of its kind has. */
export function checkDuplicates({ journeys, actions, placements }: Sources): void {
  checkIds('action', actions);
  checkIds('journey', journeys);
  checkIds('placement', placements);
}

function checkIds(kind: string, sources: readonly DefinitionSource<unknown>[]): void {
  const files = new Map<string, string>();
  for (const { id, file, report } of sources) {
    if (id === undefined) continue;
    const first = files.get(id);
    if (first !== undefined) report('id', `duplicate ${kind} id '${id}': ${first} has it`);
    else files.set(id, file);
  }
}
