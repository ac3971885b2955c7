import { isMap, isScalar, isSeq, type Node, parseAllDocuments, type YAMLMap } from 'yaml';
import type { BundleFile } from './bundle-file.ts';

/** The weights of the arbitration. What is missing stays as it is. */
export interface Weights {
  mode?: 'uplift' | 'pcvl' | undefined;
  /** What each contact of the last seven days costs, in the currency of the workspace. */
  fatigue?: number | undefined;
  /** Share of customers whose decisions are drawn uniformly, 0 to 1. */
  explore?: number | undefined;
  /** By action. */
  levers?: Record<string, number> | undefined;
  priorities?: Record<string, number> | undefined;
}

/** An entry of a mapping to write. */
type Entry = readonly [key: string, value: string];

const WORKSPACE_FILE = 'workspace.yaml';
const ACTION_FILE = /^actions\/.+\.ya?ml$/;

/**
 * Writes weights into the text of a bundle's files. Only the numbers change: comments and layout stay. Returns the files
 * that differ, and the actions that no file defines.
 */
export function changeWeights(
  files: readonly BundleFile[],
  weights: Weights,
): { changed: BundleFile[]; unknownActions: string[] } {
  const ofWorkspace = arbitrationEntries(weights);
  const ofActions = actionEntries(weights);
  const found = new Set<string>();
  const changed = files.flatMap(({ path, text }): BundleFile[] => {
    const next =
      path === WORKSPACE_FILE
        ? changeArbitration(text, ofWorkspace)
        : ACTION_FILE.test(path)
          ? changeActions(text, ofActions, found)
          : text;
    return next === text ? [] : [{ path, text: next }];
  });
  return { changed, unknownActions: [...ofActions.keys()].filter((id) => !found.has(id)) };
}

function arbitrationEntries({ mode, fatigue, explore }: Weights): Entry[] {
  return [
    ...(mode === undefined ? [] : [['mode', mode] as const]),
    ...(fatigue === undefined ? [] : [['fatigue', formatNumber(fatigue)] as const]),
    ...(explore === undefined ? [] : [['explore', `${Math.round(explore * 10_000) / 100}%`] as const]),
  ];
}

function actionEntries({ levers = {}, priorities = {} }: Weights): Map<string, Entry[]> {
  const entries = new Map<string, Entry[]>();
  const add = (key: string, values: Record<string, number>) => {
    for (const [id, value] of Object.entries(values))
      entries.set(id, [...(entries.get(id) ?? []), [key, formatNumber(value)]]);
  };
  add('priority', priorities);
  add('lever', levers);
  return entries;
}

/** Without the noise of binary fractions. */
function formatNumber(value: number): string {
  return String(Number(value.toFixed(6)));
}

function changeArbitration(text: string, entries: readonly Entry[]): string {
  if (entries.length === 0) return text;
  const [root] = readMaps(text);
  if (!root) return text;
  const arbitration: unknown = root.get('arbitration', true);
  if (isMap(arbitration)) return applyEdits(text, entryEdits(text, arbitration, entries));
  const mapping = `{ ${entries.map(([key, value]) => `${key}: ${value}`).join(', ')} }`;
  return applyEdits(text, entryEdits(text, root, [['arbitration', mapping]]));
}

function changeActions(text: string, byAction: ReadonlyMap<string, Entry[]>, found: Set<string>): string {
  const edits = readMaps(text).flatMap((map) => {
    const id: unknown = map.get('id');
    const entries = typeof id === 'string' ? byAction.get(id) : undefined;
    if (entries === undefined) return [];
    found.add(id as string);
    return entryEdits(text, map, entries);
  });
  return applyEdits(text, edits);
}

/** The definitions of a file: its documents, or the items of a list. */
function readMaps(text: string): YAMLMap[] {
  const documents = parseAllDocuments(text, { prettyErrors: false, uniqueKeys: false });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap(({ contents }) => {
    const nodes: unknown[] = isSeq(contents) ? contents.items : [contents];
    return nodes.filter((node): node is YAMLMap => isMap(node));
  });
}

interface Edit {
  from: number;
  to: number;
  text: string;
}

function applyEdits(text: string, edits: Edit[]): string {
  const last = [...edits].sort((a, b) => b.from - a.from);
  return last.reduce((result, edit) => result.slice(0, edit.from) + edit.text + result.slice(edit.to), text);
}

function entryEdits(text: string, map: YAMLMap, entries: readonly Entry[]): Edit[] {
  const missing = entries.filter(([key]) => !map.has(key));
  const replaced = entries.flatMap(([key, value]): Edit[] => {
    const node: unknown = map.get(key, true);
    if (!isScalar(node) || !node.range) return [];
    const [from, to] = node.range;
    return text.slice(from, to) === value || node.value === Number(value) ? [] : [{ from, to, text: value }];
  });
  return missing.length === 0 ? replaced : [...replaced, insertion(text, map, missing)];
}

/** New entries: behind the last one of `{…}`, otherwise on lines of their own below the first one. */
function insertion(text: string, map: YAMLMap, entries: readonly Entry[]): Edit {
  const written = entries.map(([key, value]) => `${key}: ${value}`);
  const [first] = map.items;
  const last = map.items.at(-1);
  if (map.flow) {
    const end = endOf(last?.value) ?? endOf(last?.key);
    const at = end ?? startOf(map) + 1;
    const lead = end === null ? ' ' : ', ';
    return { from: at, to: at, text: `${lead}${written.join(', ')}${end === null ? ' ' : ''}` };
  }
  const start = startOf(first?.key);
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const indent = ' '.repeat(start - lineStart);
  const valueEnd = isScalar(first?.value) ? endOf(first.value) : null;
  const end =
    valueEnd === null || text.slice(start, valueEnd).includes('\n') ? null : lineEnd(text, valueEnd);
  if (end === null)
    return { from: start, to: start, text: written.map((line) => `${line}\n${indent}`).join('') };
  return { from: end, to: end, text: written.map((line) => `\n${indent}${line}`).join('') };
}

function startOf(node: unknown): number {
  return (node as Node | undefined)?.range?.[0] ?? 0;
}

function endOf(node: unknown): number | null {
  return (node as Node | null | undefined)?.range?.[1] ?? null;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}
