import { isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import type { z } from 'zod';
import { type BundleFile, MAX_FILE_BYTES } from './bundle-file.ts';
import { checkMappings } from './check-mappings.ts';
import { checkStructure } from './check-structure.ts';
import { createLineFinder, type FindLine } from './find-line.ts';
import { joinPath, type Problem, type Report } from './problem.ts';
import { DOCUMENTS, type DocumentKind, SOURCES, type SourceKind } from './schema.ts';
import { reportIssues } from './schema-problems.ts';

/** A definition as it is written. `value` is undefined if the schema refused it; its problems have been reported. */
export interface DefinitionSource<T> {
  file: string;
  /** Its position in a file with several definitions: `[1]`. Otherwise empty. */
  prefix: string;
  report: Report;
  /** The line of a path within the definition. */
  findLine: FindLine;
  value: T | undefined;
  /** Id and tags as far as they can be read, so that a definition with errors isn't reported as unknown elsewhere. */
  id: string | undefined;
  tags: string[];
}

/** A file with one document. Undefined if the bundle doesn't have it. */
export type DocumentSource<K extends DocumentKind> =
  | DefinitionSource<z.output<(typeof DOCUMENTS)[K]>>
  | undefined;

export interface Sources {
  workspace: DefinitionSource<z.output<(typeof SOURCES)['workspace']>>[];
  journeys: DefinitionSource<z.output<(typeof SOURCES)['journey']>>[];
  actions: DefinitionSource<z.output<(typeof SOURCES)['action']>>[];
  placements: DefinitionSource<z.output<(typeof SOURCES)['placement']>>[];
  segments: DocumentSource<'segments'>;
  attributes: DocumentSource<'attributes'>;
  events: DocumentSource<'events'>;
  catalogue: DocumentSource<'catalogue'>;
  cms: DocumentSource<'cms'>;
  webhooks: DocumentSource<'sources'>;
  group: DocumentSource<'group'>;
  content: BundleFile[];
}

const UNKNOWN_FILE =
  'unknown file: expected workspace.yaml, journeys/*.yaml, actions/*.yaml, or segments, placements, attributes, events, catalogue, cms, sources or group.yaml';

/** Is called with the path of the file that is worked on next. */
export type OnFile = (path: string) => void;

/** Reads all definitions of a bundle. What a file contains depends on its path. */
export function readSources(
  files: readonly BundleFile[],
  errors: Problem[],
  onFile: OnFile = () => {},
): Sources {
  const sources: Sources = {
    workspace: [],
    journeys: [],
    actions: [],
    placements: [],
    segments: undefined,
    attributes: undefined,
    events: undefined,
    catalogue: undefined,
    cms: undefined,
    webhooks: undefined,
    group: undefined,
    content: [],
  };
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  for (const file of sorted) {
    onFile(file.path);
    const refusal = refuseFile(file);
    if (refusal === null) readInto(sources, file, errors);
    else errors.push({ file: file.path, path: '', message: refusal });
  }
  return sources;
}

/** An empty part, `.` or `..`, a backslash, a sign that isn't shown. */
const NO_PATH = /(?:^|\/)\.{0,2}(?:\/|$)|[\\\p{Cc}\p{Cf}]/u;

/** Why a file is not read at all; null if it is. */
function refuseFile({ path, text }: BundleFile): string | null {
  if (NO_PATH.test(path)) return "has no path within the bundle: use names and /, without '.' and '..'";
  const bytes = new TextEncoder().encode(text).length;
  return bytes <= MAX_FILE_BYTES ? null : `has ${bytes} bytes; at most ${MAX_FILE_BYTES} are allowed`;
}

function readInto(sources: Sources, file: BundleFile, errors: Problem[]): void {
  const { path } = file;
  if (path === 'workspace.yaml') sources.workspace.push(...readDefinitions(file, 'workspace', errors));
  else if (path === 'segments.yaml') sources.segments = readDocument(file, 'segments', errors);
  else if (path === 'attributes.yaml') sources.attributes = readDocument(file, 'attributes', errors);
  else if (path === 'events.yaml') sources.events = readDocument(file, 'events', errors);
  else if (path === 'catalogue.yaml') sources.catalogue = readDocument(file, 'catalogue', errors);
  else if (path === 'cms.yaml') sources.cms = readDocument(file, 'cms', errors);
  else if (path === 'sources.yaml') sources.webhooks = readDocument(file, 'sources', errors);
  else if (path === 'group.yaml') sources.group = readDocument(file, 'group', errors);
  else if (path === 'placements.yaml') sources.placements.push(...readDefinitions(file, 'placement', errors));
  else if (/^journeys\/.+\.ya?ml$/.test(path))
    sources.journeys.push(...readDefinitions(file, 'journey', errors));
  else if (/^actions\/.+\.ya?ml$/.test(path))
    sources.actions.push(...readDefinitions(file, 'action', errors));
  else if (path.startsWith('content/')) sources.content.push(file);
  else if (/\.ya?ml$/.test(path)) errors.push({ file: path, path: '', message: UNKNOWN_FILE });
}

/** Reads a file that is one definition. An empty file and one with several documents are errors. */
function readDocument<K extends DocumentKind>(
  file: BundleFile,
  kind: K,
  errors: Problem[],
): DocumentSource<K> {
  const documents = readYaml(file, errors);
  const findLine: FindLine = documents?.[0]?.findLine ?? noLine;
  const report = reportIn(file, errors, findLine);
  if (documents !== undefined && documents.length !== 1)
    report('', documents.length === 0 ? 'is empty' : 'must be one document');
  const parsed = documents?.length === 1 ? DOCUMENTS[kind].safeParse(documents[0]?.value) : undefined;
  if (parsed && !parsed.success) reportIssues(parsed.error.issues, DOCUMENTS[kind], report);
  const value = parsed?.success ? (parsed.data as z.output<(typeof DOCUMENTS)[K]>) : undefined;
  return { file: file.path, prefix: '', report, findLine, value, id: undefined, tags: [] };
}

/** Reads one document, several separated by `---`, or a list. Paths begin with the position if there are several. */
function readDefinitions<K extends SourceKind>(
  file: BundleFile,
  kind: K,
  errors: Problem[],
): DefinitionSource<z.output<(typeof SOURCES)[K]>>[] {
  const definitions = readYaml(file, errors)?.flatMap(({ value, items, findLine }) =>
    Array.isArray(value)
      ? value.map((item: unknown, index) => ({ value: item, findLine: items[index] ?? findLine }))
      : [{ value, findLine }],
  );
  if (definitions === undefined) return [];
  if (definitions.length === 0) reportIn(file, errors, noLine)('', `contains no ${kind}`);
  return definitions.map(({ value, findLine }, index) => {
    const prefix = definitions.length === 1 ? '' : `[${index}]`;
    const report: Report = (path, message, place = path) =>
      errors.push({ file: file.path, path: joinPath(prefix, path), message, line: findLine(place) });
    const parsed = SOURCES[kind].safeParse(value);
    if (!parsed.success) reportIssues(parsed.error.issues, SOURCES[kind], report);
    const { id, tags } = (value ?? {}) as { id?: unknown; tags?: unknown };
    return {
      file: file.path,
      prefix,
      report,
      findLine,
      value: parsed.success ? (parsed.data as z.output<(typeof SOURCES)[K]>) : undefined,
      id: typeof id === 'string' ? id : undefined,
      tags: Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : [],
    };
  });
}

const noLine: FindLine = () => undefined;

function reportIn({ path: file }: BundleFile, errors: Problem[], findLine: FindLine): Report {
  return (path, message, place = path) => errors.push({ file, path, message, line: findLine(place) });
}

interface YamlDocument {
  value: unknown;
  findLine: FindLine;
  /** If the document is a list: for each item. */
  items: FindLine[];
}

/** The documents that are not empty. Undefined if the text isn't YAML; nothing else about the file is reported then. */
function readYaml(file: BundleFile, errors: Problem[]): YamlDocument[] | undefined {
  const lines = new LineCounter();
  const report = (message: string, line?: number) =>
    errors.push({ file: file.path, path: '', message, line });
  const problem = checkStructure(file.text);
  if (problem) {
    report(`YAML, line ${problem.line}: ${problem.message}`, problem.line);
    return undefined;
  }
  const documents = parseAllDocuments(file.text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
  });
  if (!Array.isArray(documents)) return [];
  let hasErrors = false;
  const reportAt = (offset: number, message: string) => {
    hasErrors = true;
    const { line } = lines.linePos(offset);
    report(`YAML, line ${line}: ${message}`, line);
  };
  for (const document of documents) {
    for (const { pos, message } of document.errors) reportAt(pos[0], message.split('\n')[0] ?? message);
    checkMappings(document, reportAt);
  }
  if (hasErrors) return undefined;
  try {
    const read = documents.map((document): YamlDocument => {
      const root: Node | null = document.contents;
      const items = isSeq(root) ? root.items.map((item) => createLineFinder(item as Node, lines)) : [];
      return { value: document.toJS() as unknown, findLine: createLineFinder(root, lines), items };
    });
    return read.filter(({ value }) => value !== null);
  } catch (error) {
    report(`YAML: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
