import { expect, test } from 'vitest';
import { writeNumberLiteral } from '../../../src/definitions/cel/number-literal.ts';
import { compileWith, problemsOf } from '../bundle-files.ts';

/** Bundles that are hostile input: every one is refused, with the file, in a bounded time. */

const keys = (count: number, write: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => write(n)).join('');

test('security 6: a mapping with 20,000 keys is refused, and its keys are not compared with one another', () => {
  const text = keys(20_000, (n) => `k${n}: 1\n`);
  expect(problemsOf(compileWith({ 'segments.yaml': text }))).toEqual([
    'segments.yaml |  | YAML, line 1: a mapping has 20000 keys; at most 5000 are allowed',
  ]);
});

test('security 6: repeated keys are reported at their line, at any depth', () => {
  const text = `a: "true"\nb: { x: 1, x: 2 }\na: "false"\n`;
  expect(problemsOf(compileWith({ 'segments.yaml': text }))).toEqual([
    'segments.yaml |  | YAML, line 3: Map keys must be unique',
    'segments.yaml |  | YAML, line 2: Map keys must be unique',
  ]);
});

test.each([
  ['events.yaml', (extra: string) => `{ Seen: { ${extra} } }`, 'problems'],
  ['group.yaml', (extra: string) => `{ id: g, workspaces: [shop], ${extra} }`, 'unknown keys'],
])('security 6: of thousands of problems of %s the first fifty are named', (path, write, what) => {
  const text = write(keys(3_000, (n) => `k${n}: 1, `));
  const problems = problemsOf(compileWith({ [path]: text }));
  expect(problems).toHaveLength(51);
  expect(problems.at(-1)).toContain(`and 2950 more ${what}`);
});

test('security 6: a file of more than 256 KB is refused from every sender', () => {
  const text = `# ${'x'.repeat(256 * 1024)}\n`;
  expect(problemsOf(compileWith({ 'segments.yaml': text, 'content/a/sms.en.txt': text }))).toEqual([
    'content/a/sms.en.txt |  | has 262147 bytes; at most 262144 are allowed',
    'segments.yaml |  | has 262147 bytes; at most 262144 are allowed',
  ]);
});

test('security 13: numbers are written as CEL understands them', () => {
  expect([3, 0.5, -2, 1e21, 1e-7].map(writeNumberLiteral)).toEqual(['3.0', '0.5', '-2.0', '1e+21', '1e-7']);
});
