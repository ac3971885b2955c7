import { formatPath } from '../source/problem.ts';
import type { DefinitionSource, Sources } from '../source/read-sources.ts';

/** A place of a bundle that names an event. */
export interface EventUse {
  file: string;
  path: string;
  name: string;
  /** `trigger`: an entry, goal, exit, wait or reward. `count`: a condition counts it. `emit`: a step emits it. */
  kind: 'trigger' | 'count' | 'emit';
}

const COUNTED = /\b(?:count|daysSince)\(\s*(['"])((?:(?!\1)[^\\])+)\1/g;
/** Lists whose items may be the bare name of an event. */
const NAME_LISTS = new Set(['enter', 'exit', 'until']);

/** All places of a bundle that name an event, in the order of the files. */
export function listEventUses(sources: Sources): EventUse[] {
  const { workspace, journeys, actions, placements, segments } = sources;
  const definitions: DefinitionSource<unknown>[] = [...workspace, ...actions, ...journeys, ...placements];
  if (segments) definitions.push(segments);
  return definitions.flatMap(({ file, prefix, value }) =>
    findUses(value, []).map(({ path, ...use }) => ({ file, path: prefix + dot(prefix, path), ...use })),
  );
}

function dot(prefix: string, path: string): string {
  return prefix === '' || path === '' || path.startsWith('[') ? path : `.${path}`;
}

type Path = readonly (string | number)[];
type FoundUse = Omit<EventUse, 'file'>;

function findUses(value: unknown, path: Path): FoundUse[] {
  if (typeof value === 'string') return findInText(value, path);
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as Record<string, unknown>;
  const here: FoundUse[] = [];
  // With a segment, `on` says enter or leave.
  if (typeof fields.on === 'string' && fields.segment === undefined)
    here.push({ path: formatPath([...path, 'on']), name: fields.on, kind: 'trigger' });
  if (typeof fields.event === 'string' && path.at(-1) === 'emit')
    here.push({ path: formatPath([...path, 'event']), name: fields.event, kind: 'emit' });
  const inner = Array.isArray(value)
    ? value.flatMap((item, index) => findUses(item, [...path, index]))
    : Object.entries(fields).flatMap(([key, item]) => findUses(item, [...path, key]));
  return [...here, ...inner];
}

function findInText(text: string, path: Path): FoundUse[] {
  const [last, parent] = [path.at(-1), path.at(-2)];
  const isName = last === 'enter' || (typeof last === 'number' && NAME_LISTS.has(String(parent)));
  if (isName) return [{ path: formatPath(path), name: text, kind: 'trigger' }];
  return [...text.matchAll(COUNTED)].map((match) => ({
    path: formatPath(path),
    name: match[2] as string,
    kind: 'count' as const,
  }));
}
