import type { ActionDef, Bundle } from '../../domain/definition.ts';
import { listChannels } from '../check/channels.ts';
import { checkContent } from '../check/content.ts';
import type { DeclaredNames } from '../check/declared-names.ts';
import { checkLoops } from '../check/journey-loops.ts';
import { checkOffers, checkOverdueTickets, warnOfRemovedJourneys } from '../check/offers.ts';
import { checkRewards, resolveRewardMatches } from '../check/rewards.ts';
import { type Problem, reportWithin } from '../source/problem.ts';
import { type BundleFile, type DefinitionSource, readSources, type Sources } from '../source/read-sources.ts';
import type { WorkspaceSource } from '../source/workspace-schema.ts';
import { compileAction } from './action.ts';
import { checkSetTraits, checkUses, compileAttributes } from './attributes.ts';
import type { AvailableActions } from './decide.ts';
import type { CompileContext } from './expression.ts';
import { compileGroup } from './group.ts';
import { compileInterest, mergePinnedInterest } from './interest.ts';
import { compileJourney } from './journey.ts';
import type { PreviousJourney } from './moved-steps.ts';
import { compilePlacement } from './placement.ts';
import { compileSegments, readSegments } from './segments.ts';
import { compileWorkspace } from './workspace.ts';

export type { BundleFile, Problem };

/**
 * What of the active bundle matters to the next: since when its journeys take events, which steps they have and where
 * those went that they had before. A whole {@link Bundle} is one.
 */
export interface PreviousBundle {
  journeys: PreviousJourney[];
  interest?: Bundle['interest'];
}

export type CompileResult =
  | { ok: true; bundle: Omit<Bundle, 'version' | 'format'>; warnings: Problem[] }
  | { ok: false; errors: Problem[]; warnings: Problem[] };

/** A definition and where it stands. */
export interface CompiledDefinition<T> {
  source: DefinitionSource<unknown>;
  reports: CompileContext;
  def: T;
}

/**
 * Compiles a bundle's files. Everything is checked and all errors come at once; a bundle with any is refused whole.
 * `at` is wall clock: from then on a journey that `previous` didn't have takes events.
 */
export function compileBundle(
  files: readonly BundleFile[],
  previous: PreviousBundle | null,
  at: number,
): CompileResult {
  const errors: Problem[] = [];
  const warnings: Problem[] = [];
  const sources = readSources(files, errors);
  const workspaceSource = theWorkspace(sources, errors);
  const { raw, circles, segments } = readSegments(sources.segments);
  const lexicon: DeclaredNames = {
    segments,
    events: new Map(Object.entries(sources.events?.value ?? {})),
    channels: workspaceSource?.value ? listChannels(workspaceSource.value) : null,
    topics: workspaceSource?.value?.topics ?? null,
    hasGroup: sources.group !== undefined,
  };
  const reportsOf = ({ file, report, prefix }: DefinitionSource<unknown>): CompileContext => ({
    error: report,
    warn: reportWithin((path, message) => warnings.push({ file, path, message }), prefix),
    names: lexicon,
  });
  const each = <T, D>(
    list: DefinitionSource<T>[],
    compile: (value: T, reports: CompileContext) => D,
  ): CompiledDefinition<D>[] =>
    list.flatMap((source) => {
      const reports = reportsOf(source);
      return source.value === undefined ? [] : [{ source, reports, def: compile(source.value, reports) }];
    });

  checkDuplicates(sources);
  const actions = each(sources.actions, compileAction);
  const offer: Omit<AvailableActions, 'class'> = {
    actions: byId(actions.map(({ def }) => def)),
    invalid: brokenOf(sources.actions),
  };
  const before = new Map(previous?.journeys.map((journey) => [journey.id, journey]));
  const journeys = each(sources.journeys, (value, reports) =>
    compileJourney(value, workspaceSource?.value, offer, before.get(value.id), at, reports),
  );
  const placements = each(sources.placements, (value, reports) => compilePlacement(value, offer, reports));

  const purposes = purposesOf(actions, sources);
  const [workspace] = each(workspaceSource ? [workspaceSource] : [], (value, reports) =>
    compileWorkspace(value, purposes, reports),
  );
  const [segmentDefs] = each(sources.segments ? [sources.segments] : [], (_, reports) =>
    compileSegments(raw, circles, reports),
  );
  const [attributes] = each(sources.attributes ? [sources.attributes] : [], (value, reports) =>
    compileAttributes(value, reports.error),
  );
  const [group] = each(sources.group ? [sources.group] : [], (value, reports) =>
    compileGroup(value, workspaceSource?.value?.id, purposes, reports),
  );

  const knownIds = new Set(sources.actions.flatMap((source) => source.id ?? []));
  const says = checkContent(
    sources.content,
    actions,
    workspace?.def,
    lexicon.channels,
    knownIds,
    errors,
    warnings,
  );
  for (const { def } of actions) {
    def.reads = [...new Set([...def.reads, ...(says.get(def.id)?.reads ?? [])])].sort();
    def.variants = says.get(def.id)?.variants ?? {};
  }
  for (const { def, reports } of journeys) checkSetTraits(def, attributes?.def ?? {}, reports);
  for (const { def, reports } of actions) checkUses(def, attributes?.def ?? {}, reports);
  checkLoops(journeys);
  checkOffers(sources, actions, journeys, placements);
  resolveRewardMatches(actions, journeys, placements);
  if (workspace) {
    checkOverdueTickets(workspace, journeys);
    checkRewards(workspace.def, actions, journeys, placements);
  }
  warnOfRemovedJourneys(previous, sources.journeys, warnings);
  if (errors.length > 0 || workspace === undefined)
    return { ok: false, errors: sorted(errors), warnings: sorted(warnings) };

  const defs = {
    workspace: workspace.def,
    journeys: journeys.map(({ def }) => def),
    actions: actions.map(({ def }) => def),
    segments: segmentDefs?.def ?? [],
    placements: placements.map(({ def }) => def),
    attributes: attributes?.def ?? {},
    group: group?.def ?? null,
  };
  const pinning = previous?.journeys.some((journey) => journey.versions === 'pin') ?? false;
  const interest = compileInterest(defs);
  return {
    ok: true,
    bundle: { ...defs, interest: pinning ? mergePinnedInterest(interest, previous ?? {}) : interest },
    warnings: sorted(warnings),
  };
}

function theWorkspace(
  { workspace }: Sources,
  errors: Problem[],
): DefinitionSource<WorkspaceSource> | undefined {
  if (workspace.length === 0 && !errors.some((error) => error.file === 'workspace.yaml')) {
    errors.push({ file: 'workspace.yaml', path: '', message: 'is missing: a bundle needs one' });
  }
  workspace[1]?.report('', 'a bundle is one workspace: remove this one');
  return workspace[0];
}

function checkDuplicates({ journeys, actions, placements }: Sources): void {
  for (const [kind, sources] of Object.entries({
    action: actions,
    journey: journeys,
    placement: placements,
  })) {
    const seen = new Map<string, string>();
    for (const { id, file, report } of sources as DefinitionSource<unknown>[]) {
      if (id === undefined) continue;
      const first = seen.get(id);
      if (first !== undefined) report('id', `duplicate ${kind} id '${id}': ${first} has it`);
      else seen.set(id, file);
    }
  }
}

/** Null if an action can't be read: its purpose could be any. */
function purposesOf(actions: CompiledDefinition<ActionDef>[], sources: Sources): Set<string> | null {
  if (sources.actions.some((source) => source.value === undefined)) return null;
  return new Set(actions.map(({ def }) => def.purpose));
}

/** In their order, which tags keep. Of duplicates the first, so that one mistake isn't reported as several. */
function byId(actions: ActionDef[]): Map<string, ActionDef> {
  const map = new Map<string, ActionDef>();
  for (const action of actions) if (!map.has(action.id)) map.set(action.id, action);
  return map;
}

function brokenOf(sources: readonly DefinitionSource<unknown>[]): { ids: Set<string>; tags: Set<string> } {
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
