import type { ActionDef, Bundle } from '../domain/definition.ts';
import type { Reports } from './cel-check.ts';
import { checkContent } from './check-content.ts';
import { compileAction } from './compile-action.ts';
import { compileJourney } from './compile-journey.ts';
import { compileWorkspace } from './compile-workspace.ts';
import { compileInterest } from './interest.ts';
import { type Problem, within } from './problem.ts';
import { type BundleFile, readSources, type Source, type Sources } from './read-files.ts';
import type { WorkspaceSource } from './workspace-schema.ts';

export type { BundleFile, Problem };

/** What of the bundle before matters to the next: since when its journeys take events. */
export interface PreviousBundle {
  journeys: { id: string; activeSince: number }[];
}

export type CompiledBundle =
  | { ok: true; bundle: Omit<Bundle, 'version' | 'format'>; warnings: Problem[] }
  | { ok: false; errors: Problem[]; warnings: Problem[] };

/**
 * Compiles a bundle's files. Everything is checked and all errors come at once; a bundle with any is refused whole.
 * `at` is wall clock: from then on a journey that `previous` didn't have takes events.
 */
export function compileBundle(
  files: readonly BundleFile[],
  previous: PreviousBundle | null,
  at: number,
): CompiledBundle {
  const errors: Problem[] = [];
  const warnings: Problem[] = [];
  const reportsOf = ({ file, report, prefix }: Source<unknown>): Reports => ({
    error: report,
    warn: within((path, message) => warnings.push({ file, path, message }), prefix),
  });
  const sources = readSources(files, errors);
  const workspaceSource = theWorkspace(sources, errors);
  const workspace = workspaceSource?.value && compileWorkspace(workspaceSource.value, workspaceSource.report);

  checkDuplicates(sources.actions, 'action');
  const actions = sources.actions.flatMap((source) =>
    source.value ? [{ source, def: compileAction(source.value, reportsOf(source)) }] : [],
  );
  const offer = { actions: byId(actions.map(({ def }) => def)), broken: brokenOf(sources.actions) };

  checkDuplicates(sources.journeys, 'journey');
  const since = new Map(previous?.journeys.map((journey) => [journey.id, journey.activeSince]));
  const journeys = sources.journeys.flatMap((source) => {
    if (!source.value) return [];
    const activeSince = since.get(source.value.id) ?? at;
    return [compileJourney(source.value, workspaceSource?.value, offer, activeSince, reportsOf(source))];
  });

  const knownIds = new Set(sources.actions.flatMap((source) => source.id ?? []));
  checkContent(sources.content, actions, workspace, knownIds, errors, warnings);
  if (errors.length > 0 || workspace === undefined)
    return { ok: false, errors: sorted(errors), warnings: sorted(warnings) };

  const offered = new Set(
    journeys.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === 'decide' ? step.actions : []))),
  );
  for (const { source, def } of actions) {
    if (!offered.has(def.id)) reportsOf(source).warn('id', `no journey offers '${def.id}'`);
  }
  const defs = { journeys, actions: actions.map(({ def }) => def) };
  return {
    ok: true,
    bundle: { workspace, ...defs, interest: compileInterest(defs) },
    warnings: sorted(warnings),
  };
}

function theWorkspace({ workspace }: Sources, errors: Problem[]): Source<WorkspaceSource> | undefined {
  if (workspace.length === 0 && !errors.some((error) => error.file === 'workspace.yaml')) {
    errors.push({ file: 'workspace.yaml', path: '', message: 'is missing: a bundle needs one' });
  }
  workspace[1]?.report('', 'a bundle is one workspace: remove this one');
  return workspace[0];
}

function checkDuplicates(sources: readonly Source<unknown>[], kind: string): void {
  const seen = new Map<string, string>();
  for (const { id, file, report } of sources) {
    if (id === undefined) continue;
    const first = seen.get(id);
    if (first !== undefined) report('id', `duplicate ${kind} id '${id}': ${first} has it`);
    else seen.set(id, file);
  }
}

/** In their order, which tags keep. Of duplicates the first, so that one mistake isn't reported as several. */
function byId(actions: ActionDef[]): Map<string, ActionDef> {
  const map = new Map<string, ActionDef>();
  for (const action of actions) if (!map.has(action.id)) map.set(action.id, action);
  return map;
}

function brokenOf(sources: readonly Source<unknown>[]): { ids: Set<string>; tags: Set<string> } {
  const broken = sources.filter((source) => source.value === undefined);
  return {
    ids: new Set(broken.flatMap((source) => source.id ?? [])),
    tags: new Set(broken.flatMap((source) => source.tags)),
  };
}

/** By file, and within a file in the order in which they were found. */
function sorted(problems: Problem[]): Problem[] {
  return problems.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}
