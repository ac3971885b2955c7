import { type ChildProcess, spawn } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../support/paths.ts';

const BUILD_MS = 120_000;

/** A copy of the sources, to build and to edit. Its packages are those of this checkout. */
let copy: string;
beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'throughline-build-'));
  for (const folder of ['src', 'db', 'scripts', 'bin', 'console'])
    cpSync(path.join(ROOT, folder), path.join(copy, folder), {
      recursive: true,
      filter: (file) => path.basename(file) !== 'node_modules',
    });
  for (const file of [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'openapi.json',
  ])
    cpSync(path.join(ROOT, file), path.join(copy, file));
  for (const folder of ['.', 'console']) linkPackages(path.join(folder, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Not what an earlier build has noted there. */
function linkPackages(folder: string): void {
  mkdirSync(path.join(copy, folder));
  for (const name of readdirSync(path.join(ROOT, folder)))
    if (!name.startsWith('.throughline'))
      symlinkSync(path.join(ROOT, folder, name), path.join(copy, folder, name));
}

interface Run {
  child: ChildProcess;
  ended: Promise<{ code: number | null; output: string }>;
}

function run(...args: string[]): Run {
  const child = spawn(process.execPath, args, { cwd: copy, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, output })),
  );
  return { child, ended };
}

const buildIfNeeded = () => run('scripts/build.mjs', '--if-needed').ended;
const readConsoleNote = () => readFileSync(path.join(copy, 'dist', 'console', 'build.json'), 'utf8');
const note = () => readFileSync(path.join(copy, 'dist', 'build.json'), 'utf8');
const VERSION_FILE = () => path.join(copy, 'src', 'version.ts');

test('two processes that need a build at once make one, and both find it', {
  timeout: BUILD_MS,
}, async () => {
  const [first, second] = await Promise.all([buildIfNeeded(), buildIfNeeded()]);
  expect([first.code, second.code]).toEqual([0, 0]);
  const outputs = `${first.output}${second.output}`;
  expect(outputs.match(/workflow bundle \(/g)).toHaveLength(1);
  expect(outputs).toContain('Another process is building');
  expect(existsSync(path.join(copy, 'dist', 'src', 'workflow-bundle.js'))).toBe(true);
  expect(readdirSync(path.join(copy, '.throughline'))).toEqual([]);
});

test('sources that were only touched are not built again', async () => {
  utimesSync(VERSION_FILE(), new Date(), new Date());
  expect(await buildIfNeeded()).toEqual({ code: 0, output: '' });
});

test('after a failed build the old one is complete, and a lock of a killed process holds up nobody', {
  timeout: BUILD_MS,
}, async () => {
  const before = note();
  const text = readFileSync(VERSION_FILE(), 'utf8');
  writeFileSync(path.join(copy, '.throughline', 'build.lock'), '999999999');
  appendFileSync(VERSION_FILE(), '\nexport const = 1;\n');
  const failed = await buildIfNeeded();
  expect(failed.code).toBe(1);
  expect(failed.output).toContain('src/version.ts');
  expect(note()).toBe(before);
  expect(readdirSync(path.join(copy, '.throughline'))).toEqual([]);
  writeFileSync(VERSION_FILE(), text);
  expect(await buildIfNeeded()).toEqual({ code: 0, output: '' });
});

test('the command builds when a source has changed, and then runs it', { timeout: BUILD_MS }, async () => {
  const text = readFileSync(VERSION_FILE(), 'utf8');
  writeFileSync(VERSION_FILE(), text.replace('.version;', ".version + '-edited';"));
  const { code, output } = await run('bin/throughline.mjs', '--version').ended;
  expect(output).toContain('The sources changed: building');
  expect(output).toMatch(/\d-edited\n$/);
  expect(code).toBe(0);
});

test('a change of the console builds the console alone, and a change of the service keeps it', {
  timeout: BUILD_MS,
}, async () => {
  const before = { service: note(), console: readConsoleNote() };
  appendFileSync(path.join(copy, 'console', 'src', 'styles', 'base.css'), '\n.edited { color: red; }\n');
  const ofConsole = await buildIfNeeded();
  expect(ofConsole.output).toMatch(/^The sources changed: building …\n {2}console \(/);
  expect(ofConsole.output).not.toContain('compiled');
  expect(note()).toBe(before.service);
  expect(readConsoleNote()).not.toBe(before.console);

  const built = readConsoleNote();
  appendFileSync(VERSION_FILE(), '\n// edited\n');
  const ofService = await buildIfNeeded();
  expect(ofService.output).toContain('compiled');
  expect(ofService.output).not.toContain('console');
  expect(readConsoleNote()).toBe(built);
});
