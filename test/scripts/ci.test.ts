import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterEach, expect, test } from 'vitest';
import { ROOT } from '../support/paths.ts';

/** Test files and how many of their tests pass and fail. `[0, 0]`: the file could not be loaded. */
type Run = Record<string, [passed: number, failed: number]>;

let folder: string | undefined;
afterEach(() => {
  if (folder) rmSync(folder, { recursive: true });
});

/** Runs `.ci/run` with an `npm` that ends as these runs of the tests do, one after another. */
function runCi(runs: (Run | 'no result' | 'leaked error')[]): {
  code: number | null;
  lines: string[];
  runs: string[];
} {
  folder = mkdtempSync(path.join(tmpdir(), 'throughline-ci-'));
  const inFolder = (...names: string[]) => path.join(folder as string, ...names);
  cpSync(path.join(ROOT, '.ci'), inFolder('.ci'), { recursive: true });
  for (const name of ['nodes', 'chromium']) writeScript(inFolder('.ci', name), 'exit 0');
  mkdirSync(inFolder('.throughline'));
  mkdirSync(inFolder('bin'));
  runs.forEach((run, i) => {
    if (run !== 'no result')
      writeFileSync(inFolder(`result-${i + 1}.json`), JSON.stringify(toResults(run, inFolder())));
    const failed =
      typeof run === 'string' || Object.values(run).some(([passed, red]) => red > 0 || passed === 0);
    writeFileSync(inFolder(`code-${i + 1}`), failed ? '1' : '0');
  });
  writeScript(
    inFolder('bin', 'npm'),
    `echo "$*" >> calls
     n=$(wc -l < calls)
     cp "result-$n.json" .throughline/test-results.json
     exit "$(cat "code-$n")"`,
  );
  const { status, stdout } = spawnSync(inFolder('.ci', 'run'), {
    env: { ...process.env, PATH: `${inFolder('bin')}:${process.env.PATH}` },
    encoding: 'utf8',
  });
  const calls = existsSync(inFolder('calls'))
    ? readFileSync(inFolder('calls'), 'utf8').trim().split('\n')
    : [];
  return { code: status, lines: stdout.trim().split('\n'), runs: calls };
}

function writeScript(file: string, body: string): void {
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}

/** What vitest's JSON reporter writes. */
function toResults(run: Run | 'leaked error', root: string) {
  const files = run === 'leaked error' ? { 'test/api/a.test.ts': [3, 0] as const } : run;
  const testResults = Object.entries(files).map(([file, [passed, failed]]) => ({
    name: path.join(root, file),
    status: failed > 0 || passed === 0 ? 'failed' : 'passed',
    assertionResults: [
      ...Array.from({ length: passed }, () => ({ status: 'passed' })),
      ...Array.from({ length: failed }, () => ({ status: 'failed' })),
      { status: 'skipped' },
    ],
  }));
  const count = (status: string) =>
    testResults.flatMap((file) => file.assertionResults).filter((test) => test.status === status).length;
  return {
    testResults,
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    success: run !== 'leaked error' && testResults.every(({ status }) => status === 'passed'),
  };
}

test('CI prints how many tests passed', () => {
  const { code, lines, runs } = runCi([
    { 'test/console/a.test.ts': [4, 0], 'test/engine/b.test.ts': [2, 0] },
  ]);
  expect([code, lines.at(-1), runs]).toEqual([0, '6 passed, 0 failed', ['test']]);
});

test('CI runs a file that drives a browser or servers once more, and names it', () => {
  const { code, lines, runs } = runCi([
    { 'test/console/a.test.ts': [3, 1], 'test/engine/b.test.ts': [2, 0] },
    { 'test/console/a.test.ts': [4, 0] },
  ]);
  expect([code, lines.at(-1)]).toEqual([0, '6 passed, 0 failed']);
  expect(runs).toEqual(['test', 'test -- test/console/a.test.ts']);
  expect(lines).toContain('Unsteady, passed at the second run only: test/console/a.test.ts');
});

test('CI is red if a file fails twice', () => {
  const { code, lines } = runCi([
    { 'test/console/a.test.ts': [3, 1], 'test/engine/b.test.ts': [2, 0] },
    { 'test/console/a.test.ts': [3, 1] },
  ]);
  expect([code, lines.at(-1)]).toEqual([1, '5 passed, 1 failed']);
});

test('CI is red if a file can not be loaded', () => {
  const { code, lines, runs } = runCi([{ 'test/api/a.test.ts': [0, 0] }, { 'test/api/a.test.ts': [0, 0] }]);
  expect([code, lines.at(-1), runs.length]).toEqual([1, '0 passed, 1 failed', 2]);
});

const RED: [string, Run | 'no result' | 'leaked error', string][] = [
  ['of pure code', { 'test/engine/b.test.ts': [5, 1] }, '5 passed, 1 failed'],
  ['of the database', { 'test/db/b.test.ts': [5, 1], 'test/api/a.test.ts': [1, 1] }, '6 passed, 2 failed'],
  ['of properties', { 'test/api/a.property.test.ts': [0, 1] }, '0 passed, 1 failed'],
  [
    'of many files',
    Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`test/api/${n}.test.ts`, [1, 1]])),
    '5 passed, 5 failed',
  ],
  ['that is an error after the tests', 'leaked error', '3 passed, 1 failed'],
  ['before any test', 'no result', '0 passed, 1 failed'],
];
test.each(RED)('CI repeats no failure %s', (_, run, last) => {
  const { code, lines, runs } = runCi([run]);
  expect([code, lines.at(-1), runs]).toEqual([1, last, ['test']]);
});
