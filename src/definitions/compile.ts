import type { ActionDef, Bundle } from '../domain/definition.ts';
import type { Reports } from './cel-check.ts';
import { channelsOf } from './channels.ts';
import { checkContent } from './check-content.ts';
import { checkLearning, settleRewardMatch } from './check-learning.ts';
import { checkLoops } from './check-loops.ts';
import { checkEdits, checkOffers, checkOverdue } from './check-whole.ts';
import { compileAction } from './compile-action.ts';
import { checkSetTraits, checkUses, compileAttributes } from './compile-attributes.ts';
import type { Offer } from './compile-decide.ts';
import { compileGroup } from './compile-group.ts';
import { compileJourney } from './compile-journey.ts';
import type { PreviousJourney } from './compile-moved.ts';
import { compilePlacement } from './compile-placement.ts';
import { compileSegments, readSegments } from './compile-segments.ts';
import { compileWorkspace } from './compile-workspace.ts';
import { compileInterest, withPinned } from './interest.ts';
import type { Lexicon } from './lexicon.ts';
import { type Problem, within } from './problem.ts';
import { type BundleFile, readSources, type Source, type Sources } from './read-files.ts';
import type { WorkspaceSource } from './workspace-schema.ts';

export type { BundleFile, Problem };

/**
 * What of the active bundle matters to the next: since when its journeys take events, which steps they have and where
 * those went that they had before. A whole {@link Bundle} is one.
 */
export interface PreviousBundle {
  journeys: PreviousJourney[];
  interest?: Bundle['interest'];
}

export type CompiledBundle =
  | { ok: true; bundle: Omit<Bundle, 'version' | 'format'>; warnings: Problem[] }
  | { ok: false; errors: Problem[]; warnings: Problem[] };

/** A definition and where it stands. */
export interface Compiled<T> {
  source: Source<unknown>;
  reports: Reports;
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
): CompiledBundle {
  const errors: Problem[] = [];
  const warnings: Problem[] = [];
  const sources = readSources(files, errors);
  const workspaceSource = theWorkspace(sources, errors);
  const { raw, circles, segments } = readSegments(sources.segments);
  const lexicon: Lexicon = {
    segments,
    events: new Map(Object.entries(sources.events?.value ?? {})),
    channels: workspaceSource?.value ? channelsOf(workspaceSource.value) : null,
    topics: workspaceSource?.value?.topics ?? null,
    group: sources.group !== undefined,
  };
  const reportsOf = ({ file, report, prefix }: Source<unknown>): Reports => ({
    error: report,
    warn: within((path, message) => warnings.push({ file, path, message }), prefix),
    lexicon,
  });
  const each = <T, D>(list: Source<T>[], compile: (value: T, reports: Reports) => D): Compiled<D>[] =>
    list.flatMap((source) => {
      const reports = reportsOf(source);
      return source.value === undefined ? [] : [{ source, reports, def: compile(source.value, reports) }];
    });

  checkDuplicates(sources);
  const actions = each(sources.actions, compileAction);
  const offer: Omit<Offer, 'class'> = {
    actions: byId(actions.map(({ def }) => def)),
    broken: brokenOf(sources.actions),
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
  settleRewardMatch(actions, journeys, placements);
  if (workspace) {
    checkOverdue(workspace, journeys);
    checkLearning(workspace.def, actions, journeys, placements);
  }
  checkEdits(previous, sources.journeys, warnings);
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
    bundle: { ...defs, interest: pinning ? withPinned(interest, previous ?? {}) : interest },
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

function checkDuplicates({ journeys, actions, placements }: Sources): void {
  for (const [kind, sources] of Object.entries({
    action: actions,
    journey: journeys,
    placement: placements,
  })) {
    const seen = new Map<string, string>();
    for (const { id, file, report } of sources as Source<unknown>[]) {
      if (id === undefined) continue;
      const first = seen.get(id);
      if (first !== undefined) report('id', `duplicate ${kind} id '${id}': ${first} has it`);
      else seen.set(id, file);
    }
  }
}

/** Null if an action can't be read: its purpose could be any. */
function purposesOf(actions: Compiled<ActionDef>[], sources: Sources): Set<string> | null {
  if (sources.actions.some((source) => source.value === undefined)) return null;
  return new Set(actions.map(({ def }) => def.purpose));
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
