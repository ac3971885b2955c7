import type { z } from 'zod';
import { suggestName } from '../../content/nearest-name.ts';
import { listKnownKeys } from './known-keys.ts';
import { formatPath, joinPath, type Report } from './problem.ts';

type Issue = z.core.$ZodIssue;

const NAMES: Record<string, string> = {
  string: 'text',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  int: 'a whole number',
};

/** Problems of a definition, and unknown keys of a mapping, that are reported one by one. */
const MOST_REPORTED = 50;

/** Reports the issues that `schema` has found, one line each. */
export function reportIssues(issues: readonly Issue[], schema: z.core.$ZodType, report: Report): void {
  const all = issues.slice(0, MOST_REPORTED).flatMap((issue) => flatten(issue));
  for (const issue of all) {
    const path = formatPath(issue.path);
    if (issue.code === 'unrecognized_keys') reportUnknownKeys(issue, path, schema, report);
    else for (const message of messages(issue)) report(path, message);
  }
  reportRest(issues.length, 'problems', '', report);
}

function reportRest(count: number, what: string, path: string, report: Report): void {
  if (count > MOST_REPORTED) report(path, `and ${count - MOST_REPORTED} more ${what}`);
}

/** Of a union, the alternative that the author most likely meant: of the right type, with the fewest issues. */
function flatten(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const alternatives = issue.errors
    .map((errors) =>
      errors.flatMap((inner) => flatten({ ...inner, path: [...issue.path, ...inner.path] } as Issue)),
    )
    .filter(
      (errors) =>
        !errors.some((inner) => inner.code === 'invalid_type' && inner.path.length === issue.path.length),
    )
    .sort((a, b) => a.length - b.length);
  if (alternatives[0]) return alternatives[0];
  const expected = [...new Set(issue.errors.flatMap((errors) => errors.flatMap(rootTypes)))].join(' or ');
  return [{ ...issue, code: 'invalid_type', expected } as unknown as Issue];
}

function rootTypes(issue: Issue): string[] {
  if (issue.code === 'invalid_union') return issue.errors.flatMap((errors) => errors.flatMap(rootTypes));
  return issue.code === 'invalid_type' && issue.path.length === 0 ? [issue.expected] : [];
}

function reportUnknownKeys(
  { keys, path: parent }: Extract<Issue, { code: 'unrecognized_keys' }>,
  path: string,
  schema: z.core.$ZodType,
  report: Report,
): void {
  const known = listKnownKeys(schema, parent);
  for (const key of keys.slice(0, MOST_REPORTED))
    report(path, `unknown key: ${key}${suggestName(key, known)}`, joinPath(path, key));
  reportRest(keys.length, 'unknown keys', path, report);
}

function messages(issue: Issue): string[] {
  switch (issue.code) {
    case 'invalid_key':
      return [`key ${String(issue.path.at(-1))}: ${issue.issues[0]?.message ?? 'is not allowed'}`];
    case 'invalid_type':
      if (isMissing(issue)) return ['is required'];
      return [issue.message.startsWith('must ') ? issue.message : `must be ${typeName(issue.expected)}`];
    case 'too_small':
      return [
        issue.minimum === 1 && issue.origin !== 'number' && issue.origin !== 'int'
          ? 'must not be empty'
          : `must be ${bound(issue.inclusive, 'least', 'more')} ${issue.minimum}`,
      ];
    case 'too_big':
      return [
        `must be ${bound(issue.inclusive, 'most', 'less')} ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`,
      ];
    default:
      return [issue.message];
  }
}

function bound(inclusive: boolean | undefined, word: string, strict: string): string {
  return inclusive === false ? `${strict} than` : `at ${word}`;
}

function typeName(expected: string): string {
  return expected
    .split(' or ')
    .map((name) => NAMES[name] ?? `a ${name}`)
    .join(' or ');
}

function isMissing(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
}
