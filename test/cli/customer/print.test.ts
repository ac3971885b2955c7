import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createStyle, createTerminalSentences, toSafeJson } from '../../../src/cli/customer/print.ts';
import { ROOT } from '../../support/paths.ts';

const run = promisify(execFile);

test.each([
  [{ isTTY: true }, {}, '\u001b[2mx\u001b[0m'],
  [{ isTTY: true }, { NO_COLOR: '1' }, 'x'],
  [{ isTTY: true }, { TERM: 'dumb' }, 'x'],
  [{}, {}, 'x'],
])('a stream %o with %o is written as %j', (stream, env, expected) => {
  expect(createStyle(stream, env).dim('x')).toBe(expected);
});

test('times are in the zone of the customer, otherwise in that of the machine', () => {
  expect(createTerminalSentences('Asia/Jakarta').zone).toBe('Asia/Jakarta');
  expect(createTerminalSentences(null).zone).toBe(process.env.TZ ?? 'UTC');
});

test('JSON is on one line, without anything that a terminal obeys, and reads the same', () => {
  const value = { a: '\u001b[2J\u0007\u009b31m\u202e\u2028é☕', b: '\u{e0001}' };
  const text = toSafeJson(value);
  expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
  expect(text).toContain('é☕');
  expect(JSON.parse(text)).toEqual(value);
});

test.each([
  ['why', 'npm run throughline -- why user:helen tip-grinder'],
  ['tail', 'npm run throughline -- tail user:helen --since 2h'],
])(
  '%s --help has an example and the exit codes',
  async (command, example) => {
    const { stdout } = await run(
      process.execPath,
      ['--import', 'tsx', 'src/cli/main.ts', command, '--help'],
      {
        cwd: ROOT,
      },
    );
    expect(stdout).toContain(`Example: ${example}`);
    expect(stdout).toContain('Exit codes: 0');
  },
  30_000,
);
