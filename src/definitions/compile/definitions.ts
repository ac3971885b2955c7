import type {
  ActionDef,
  AttributeDef,
  CatalogueDef,
  CmsEntryDef,
  GroupDef,
  JourneyDef,
  PlacementDef,
  SegmentDef,
  SourceDef,
  WorkspaceDef,
} from '../../domain/definition.ts';
import { listChannels } from '../check/channels.ts';
import type { CompileContext } from '../check/context.ts';
import type { DeclaredNames } from '../check/declared-names.ts';
import type { CompiledDefinition, PreviousBundle } from '../check/definition.ts';
import { joinPath, type Problem } from '../source/problem.ts';
import type { DefinitionSource, OnFile, Sources } from '../source/read-sources.ts';
import type { WorkspaceSource } from '../source/workspace-schema.ts';
import { compileAction } from './action.ts';
import { compileAttributes } from './attributes.ts';
import { listAvailableActions } from './available-actions.ts';
import { compileCatalogue } from './catalogue.ts';
import { compileCms } from './cms.ts';
import { compileGroup } from './group.ts';
import { compileJourney } from './journey.ts';
import { compilePlacement } from './placement.ts';
import { compileSegments, readSegments } from './segments.ts';
import { compileWebhookSources } from './webhook-sources.ts';
import { compileWorkspace } from './workspace.ts';

/** Every definition of a bundle whose source the schema accepted. */
export interface CompiledDefinitions {
  names: DeclaredNames;
  workspace: CompiledDefinition<WorkspaceDef> | undefined;
  journeys: CompiledDefinition<JourneyDef>[];
  actions: CompiledDefinition<ActionDef>[];
  placements: CompiledDefinition<PlacementDef>[];
  segments: CompiledDefinition<SegmentDef[]> | undefined;
  attributes: CompiledDefinition<Record<string, AttributeDef>> | undefined;
  catalogue: CompiledDefinition<CatalogueDef> | undefined;
  cms: CompiledDefinition<CmsEntryDef[]> | undefined;
  sources: CompiledDefinition<SourceDef[]> | undefined;
  group: CompiledDefinition<GroupDef> | undefined;
}

/** Compiles each definition by itself. Actions come first: journeys and placements name them. */
export function compileDefinitions(
  sources: Sources,
  workspaceSource: DefinitionSource<WorkspaceSource> | undefined,
  previous: PreviousBundle | null,
  at: number,
  warnings: Problem[],
  onFile: OnFile,
): CompiledDefinitions {
  const segments = readSegments(sources.segments);
  const names: DeclaredNames = {
    segments: segments.conditions,
    events: new Map(Object.entries(sources.events?.value ?? {})),
    channels: workspaceSource?.value ? listChannels(workspaceSource.value) : null,
    topics: workspaceSource?.value?.topics ?? null,
    hasGroup: sources.group !== undefined,
  };
  const compile = <T, D>(
    source: DefinitionSource<T> | undefined,
    compileValue: (value: T, context: CompileContext) => D,
  ): CompiledDefinition<D> | undefined => {
    if (source?.value === undefined) return undefined;
    onFile(source.file);
    const context = createContext(source, names, warnings);
    return { source, context, def: compileValue(source.value, context) };
  };
  const compileAll = <T, D>(
    list: readonly DefinitionSource<T>[],
    compileValue: (value: T, context: CompileContext) => D,
  ): CompiledDefinition<D>[] => list.flatMap((source) => compile(source, compileValue) ?? []);

  const actions = compileAll(sources.actions, compileAction);
  const available = listAvailableActions(
    actions.map(({ def }) => def),
    sources.actions,
  );
  const previousJourneys = new Map(previous?.journeys.map((journey) => [journey.id, journey]));
  const purposes = listPurposes(actions, sources);
  return {
    names,
    actions,
    journeys: compileAll(sources.journeys, (value, context) =>
      compileJourney(value, workspaceSource?.value, available, previousJourneys.get(value.id), at, context),
    ),
    placements: compileAll(sources.placements, (value, context) =>
      compilePlacement(value, available, context),
    ),
    workspace: compile(workspaceSource, (value, context) => compileWorkspace(value, purposes, context)),
    segments: compile<unknown, SegmentDef[]>(sources.segments, (_, context) =>
      compileSegments(segments, context),
    ),
    attributes: compile(sources.attributes, (value, { error }) => compileAttributes(value, error)),
    catalogue: compile(sources.catalogue, compileCatalogue),
    cms: compile(sources.cms, (value, context) => compileCms(value, sources.content, context)),
    sources: compile(sources.webhooks, compileWebhookSources),
    group: compile(sources.group, (value, context) =>
      compileGroup(value, workspaceSource?.value?.id, purposes, context),
    ),
  };
}

function createContext(
  { file, report, prefix, findLine }: DefinitionSource<unknown>,
  names: DeclaredNames,
  warnings: Problem[],
): CompileContext {
  const warn = (path: string, message: string) =>
    warnings.push({ file, path: joinPath(prefix, path), message, line: findLine(path) });
  return { error: report, warn, names };
}

/** The purposes that actions have. Null if the schema refused an action: its purpose could be any. */
function listPurposes(
  actions: readonly CompiledDefinition<ActionDef>[],
  sources: Sources,
): Set<string> | null {
  if (sources.actions.some((source) => source.value === undefined)) return null;
  return new Set(actions.map(({ def }) => def.purpose));
}
