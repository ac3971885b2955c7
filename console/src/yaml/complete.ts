import { findYamlPosition, type YamlPosition } from './position.ts';
import {
  type Candidate,
  describe,
  findFileSchema,
  findSchemas,
  type JsonSchema,
  listKeys,
  listValues,
} from './schema.ts';

/** The text of a file of a bundle. */
export interface SourceFile {
  path: string;
  text: string;
}

export interface Completion {
  /** How much of the text before the position it replaces. */
  typed: string;
  candidates: Candidate[];
}

/** What can be typed at a position of a file: keys and values by the schema, and ids of steps and actions. */
export function complete(
  root: JsonSchema,
  file: SourceFile,
  offset: number,
  bundle: readonly SourceFile[],
): Completion | null {
  const place = findYamlPosition(file.text, offset);
  const schemas = findFileSchema(root, file.path);
  if (!place || schemas.length === 0) return null;
  const found = findSchemas(root, schemas, place.path);
  const keys = place.at === 'value' ? [] : listKeys(root, found);
  const values =
    place.at === 'key' ? [] : [...listReferences(file, place, bundle), ...listValues(root, found)];
  const word = /[\w.:-]*$/.exec(place.typed)?.[0] ?? '';
  return { typed: word, candidates: [...values, ...keys] };
}

/** What the schema says about the key or value around a position; null if nothing. */
export function explain(
  root: JsonSchema,
  file: SourceFile,
  offset: number,
): { name: string; text: string } | null {
  const end = offset + (/^[\w.-]*/.exec(file.text.slice(offset))?.[0].length ?? 0);
  const place = findYamlPosition(file.text, end);
  if (!place) return null;
  const isKey = place.at !== 'value';
  const path = isKey ? [...place.path, place.typed] : place.path;
  const [schema, ...more] = findSchemas(root, findFileSchema(root, file.path), path);
  if (!schema) return null;
  const text = describe(root, { anyOf: [schema, ...more] });
  const choices = listValues(root, [schema, ...more]).map(({ name }) => name);
  const name = String(path.at(-1) ?? '');
  const all = [text, choices.length > 0 ? choices.join(' | ') : ''].filter(Boolean).join('\n');
  return all === '' ? null : { name, text: all };
}

const STEP_TARGETS = new Set(['next', 'goto', 'else']);

function listReferences(
  file: SourceFile,
  { path }: YamlPosition,
  bundle: readonly SourceFile[],
): Candidate[] {
  const key = path.filter((part) => typeof part === 'string').at(-1) ?? '';
  const parent = path.filter((part) => typeof part === 'string').at(-2) ?? '';
  const toCandidate =
    (description: string) =>
    (name: string): Candidate => {
      return { name, kind: 'value', description, required: false };
    };
  if (file.path.startsWith('journeys/') && (STEP_TARGETS.has(key) || parent === 'then' || parent === 'moved'))
    return [...listIds(file.text), 'exit'].map(toCandidate('step'));
  if (key === 'actions')
    return bundle
      .filter(({ path: name }) => name.startsWith('actions/'))
      .flatMap(({ text }) => listIds(text))
      .map(toCandidate('action'));
  if (key === 'segment' || key === 'where')
    return bundle
      .filter(({ path: name }) => name === 'segments.yaml')
      .flatMap(({ text }) => [...text.matchAll(/^([a-z0-9-]+):/gm)].map((match) => match[1] as string))
      .map(toCandidate('segment'));
  return [];
}

const listIds = (text: string) => [
  ...new Set([...text.matchAll(/(?:^|[\s{,-])id:\s*([a-z0-9-]+)/gm)].map((match) => match[1] as string)),
];
