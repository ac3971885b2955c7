import type { Bundle } from '../../domain/definition.ts';
import { checkContent } from '../check/content.ts';
import type { CompiledDefinition, PreviousBundle } from '../check/definition.ts';
import { checkDuplicates, requireOneWorkspace } from '../check/duplicates.ts';
import { checkLoops } from '../check/journey-loops.ts';
import { checkOffers, checkOverdueTickets, warnOfRemovedJourneys } from '../check/offers.ts';
import { checkRewards, resolveRewardMatches } from '../check/rewards.ts';
import type { BundleFile } from '../source/bundle-file.ts';
import type { Problem } from '../source/problem.ts';
import { type OnFile, readSources, type Sources } from '../source/read-sources.ts';
import { checkSetTraits, checkUses } from './attributes.ts';
import { type CompiledDefinitions, compileDefinitions } from './definitions.ts';
import { compileInterest, mergePinnedInterest } from './interest.ts';
import { compileRoom, mergePinnedRoom } from './room.ts';

export type CompileResult =
  | { ok: true; bundle: Omit<Bundle, 'version' | 'format'>; warnings: Problem[] }
  | { ok: false; errors: Problem[]; warnings: Problem[] };

/**
 * Compiles a bundle's files in four stages: read the YAML, compile each definition, check definitions against each
 * other, and list what the bundle depends on. All errors are reported at once, and one error refuses the whole bundle.
 * @param previous the active bundle, null for a workspace's first
 * @param at wall clock in milliseconds: a journey that `previous` doesn't have accepts events from then on
 * @param onFile is called before each file is read, and before its definitions are compiled; '' for work on all of them
 */
export function compileBundle(
  files: readonly BundleFile[],
  previous: PreviousBundle | null,
  at: number,
  onFile: OnFile = () => {},
): CompileResult {
  const errors: Problem[] = [];
  const warnings: Problem[] = [];
  const sources = readSources(files, errors, onFile);
  const workspaceSource = requireOneWorkspace(sources, errors);
  checkDuplicates(sources);
  const compiled = compileDefinitions(sources, workspaceSource, previous, at, warnings, onFile);
  addContent(compiled, sources, errors, warnings, onFile);
  onFile('');
  checkTogether(compiled, sources);
  warnOfRemovedJourneys(previous, sources.journeys, warnings);
  if (errors.length > 0 || compiled.workspace === undefined)
    return { ok: false, errors: sortByFile(errors), warnings: sortByFile(warnings) };
  const definitions = {
    workspace: compiled.workspace.def,
    journeys: listDefinitions(compiled.journeys),
    actions: listDefinitions(compiled.actions),
    segments: compiled.segments?.def ?? [],
    placements: listDefinitions(compiled.placements),
    attributes: compiled.attributes?.def ?? {},
    ...(sources.events?.value ? { events: sources.events.value } : {}),
    ...(compiled.catalogue ? { catalogue: compiled.catalogue.def } : {}),
    ...(compiled.cms ? { cms: compiled.cms.def } : {}),
    ...(compiled.sources ? { sources: compiled.sources.def } : {}),
    group: compiled.group?.def ?? null,
  };
  const interest = compileInterest(definitions);
  const room = compileRoom(definitions, interest);
  const previousPins = previous?.journeys.some((journey) => journey.versions === 'pin') ?? false;
  return {
    ok: true,
    bundle: {
      ...definitions,
      interest: previousPins ? mergePinnedInterest(interest, previous ?? {}) : interest,
      room: previousPins ? mergePinnedRoom(room, previous ?? {}) : room,
    },
    warnings: sortByFile(warnings),
  };
}

/** Checks the content files, and adds what they say about each action: attributes that they read, test variants. */
function addContent(
  { actions, workspace, segments, names }: CompiledDefinitions,
  sources: Sources,
  errors: Problem[],
  warnings: Problem[],
  onFile: OnFile,
): void {
  const content = checkContent(sources.content, {
    actions,
    actionIds: new Set(sources.actions.flatMap((source) => source.id ?? [])),
    locales: workspace?.def.locales ?? null,
    channels: names.channels,
    segments: segments?.def ?? (sources.segments ? null : []),
    errors,
    warnings,
    onFile,
  });
  for (const { def } of actions) {
    const found = content.get(def.id);
    if (!found) continue;
    def.reads = [...new Set([...def.reads, ...found.reads])].sort();
    def.variants = found.variants;
    const ordered = segments?.def.flatMap(({ id }) => (found.blockSegments.has(id) ? id : [])) ?? [];
    if (ordered.length > 0) def.blockSegments = ordered;
  }
}

/** Checks that need several definitions at once. */
function checkTogether(compiled: CompiledDefinitions, sources: Sources): void {
  const { actions, journeys, placements, workspace, attributes } = compiled;
  for (const { def, context } of journeys) checkSetTraits(def, attributes?.def ?? {}, context);
  for (const { def, context } of actions) checkUses(def, attributes?.def ?? {}, context);
  checkLoops(journeys);
  checkOffers(sources, actions, journeys, placements);
  resolveRewardMatches(actions, journeys, placements);
  if (!workspace) return;
  checkOverdueTickets(workspace, journeys);
  checkRewards(workspace.def, actions, journeys, placements);
}

function listDefinitions<T>(compiled: readonly CompiledDefinition<T>[]): T[] {
  return compiled.map(({ def }) => def);
}

/** By file; within a file in the order in which the problems were reported. */
function sortByFile(problems: Problem[]): Problem[] {
  return problems.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}
