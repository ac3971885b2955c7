import type { z } from 'zod';
import { pathText, type Report } from './problem.ts';

type Issue = z.core.$ZodIssue;

/** Keys of the language that this version doesn't run. They must never be ignored, nor be called a mistake. */
const PLANNED = new Set(
  `maxAge segment schedule date api backfill offset repeat leapDay grace set emit about autonomy share salt for at days
   coupon budget reward contentGroup versions moved topics snooze holdout group placements variants events`.split(
    /\s+/,
  ),
);

const NAMES: Record<string, string> = {
  string: 'text',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
  int: 'a whole number',
};

/** Reports what a schema found, one line each. */
export function reportIssues(issues: readonly Issue[], report: Report): void {
  const flat = issues.flatMap((issue) => flatten(issue));
  const planned = flat.filter((issue) => plannedKeys(issue).length > 0).map((issue) => pathText(issue.path));
  for (const issue of flat) {
    const path = pathText(issue.path);
    // What else is missing beside a planned key is only missing because of it.
    const parent = pathText(issue.path.slice(0, -1));
    if (issue.code === 'custom' && planned.includes(path)) continue;
    if (isMissing(issue) && planned.includes(parent)) continue;
    for (const message of messages(issue)) report(path, message);
  }
}

/** Of a union, the alternative that the author most likely meant: one whose type fits, with the fewest issues. */
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
  const wanted = [...new Set(issue.errors.flatMap((errors) => errors.flatMap(rootTypes)))].join(' or ');
  return [{ ...issue, code: 'invalid_type', expected: wanted } as unknown as Issue];
}

function rootTypes(issue: Issue): string[] {
  if (issue.code === 'invalid_union') return issue.errors.flatMap((errors) => errors.flatMap(rootTypes));
  return issue.code === 'invalid_type' && issue.path.length === 0 ? [issue.expected] : [];
}

function messages(issue: Issue): string[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) =>
        PLANNED.has(key) ? `not supported yet: ${key}` : `unknown key: ${key}`,
      );
    case 'invalid_type':
      return [isMissing(issue) ? 'is required' : `must be ${typeName(issue.expected)}`];
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

function plannedKeys(issue: Issue): string[] {
  return issue.code === 'unrecognized_keys' ? issue.keys.filter((key) => PLANNED.has(key)) : [];
}
