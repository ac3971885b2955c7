import { formatPath } from '../source/problem.ts';
import type { DefinitionSource, Sources } from '../source/read-sources.ts';

/** A place of a bundle that names an event. */
export interface EventUse {
  file: string;
  path: string;
  name: string;
  /** `trigger`: an entry, goal, exit, wait or reward. `condition`: a condition names it. `emit`: a step emits it. */
  kind: 'trigger' | 'condition' | 'emit';
}

const QUOTED = /(['"])((?:(?!\1)[^\\])+)\1/;
/** Ways in which a condition names an event: each ends with the name in quotes, or with a list of such names. */
const NAMED_IN_CEL = [
  new RegExp(`\\b(?:count|daysSince)\\(\\s*${QUOTED.source}`, 'g'),
  new RegExp(`\\bevent\\.name\\s*[=!]=\\s*${QUOTED.source}`, 'g'),
  new RegExp(`${QUOTED.source}\\s*[=!]=\\s*event\\.name\\b`, 'g'),
];
const LISTED_IN_CEL = /\bevent\.name\s+in\s+\[([^[\]]*)\]/g;
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
  return findInCondition(text).map((name) => ({ path: formatPath(path), name, kind: 'condition' as const }));
}

function findInCondition(text: string): string[] {
  const named = NAMED_IN_CEL.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => match[2] as string),
  );
  const listed = [...text.matchAll(LISTED_IN_CEL)].flatMap(([, list = '']) =>
    [...list.matchAll(new RegExp(QUOTED, 'g'))].map((match) => match[2] as string),
  );
  return [...named, ...listed];
}
