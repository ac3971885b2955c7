#!/usr/bin/env node
// The entry point of every command: installs missing packages, then runs the TypeScript sources through tsx.
// It uses Node only, without packages, because it must run in a fresh clone.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = [20, 20];
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const stamp = path.join(root, 'node_modules', '.throughline-lock');

function fail(message) {
  console.error(`error: ${message}`);
  process.exit(1);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  fail(`Node ${process.versions.node} is too old: install Node ${OLDEST_NODE.join('.')} or newer`);
}

/** Runs a command in this terminal. Resolves with its exit code. */
function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
    const forward = (signal) => {
      // Ctrl-C in a terminal also reaches the child. A second signal would mean "stop at once".
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, forward);
    const done = (code) => {
      for (const signal of signals) process.off(signal, forward);
      resolve(code);
    };
    child.on('error', (error) => {
      console.error(`error: can't run ${command}: ${error.message}`);
      done(127);
    });
    child.on('exit', (code, signal) => done(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

/**
 * Whether npm has already installed everything that the lock file names for this platform, through `npm ci` or
 * `npm install`. npm records its installation in node_modules/.package-lock.json.
 */
function installedByHand() {
  const packagesOf = (...file) => JSON.parse(readFileSync(path.join(root, ...file), 'utf8')).packages;
  const note = path.join('node_modules', '.package-lock.json');
  if (!existsSync(path.join(root, note))) return false;
  const have = packagesOf(note);
  return Object.entries(packagesOf('package-lock.json')).every(([place, entry]) => {
    if (place === '' || have[place]?.version === entry.version) return true;
    const forThisMachine =
      entry.os?.includes(process.platform) && entry.cpu?.includes(process.arch) && !entry.libc;
    return !have[place] && entry.optional === true && !forThisMachine;
  });
}

/** Installs the locked dependencies, unless they are installed for this lock file already. */
async function install() {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8').trim() === lock) return;
  if (installedByHand()) return writeFileSync(stamp, `${lock}\n`);
  const first = !existsSync(path.join(root, 'node_modules'));
  console.log(
    first ? 'Installing the dependencies (about a minute, once) …' : 'The lock file changed: installing …',
  );
  // With dev and optional dependencies, whatever NODE_ENV is: tsx runs the sources, and Postgres may be embedded.
  const options = ['--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  if ((await run('npm', ['ci', ...options])) !== 0) {
    // `npm ci` also refuses when the registry has other platforms of an optional package than the lock file.
    // `npm install` still uses the locked versions.
    console.log('npm ci did not work here, trying npm install …');
    const code = await run('npm', ['install', '--no-save', ...options]);
    if (code !== 0) fail('npm could not install the dependencies: see above, then run the command again');
  }
  writeFileSync(stamp, `${lock}\n`);
}

/** Checks types, lint and unused code, then runs the tests. The first failure ends it. */
async function test(args) {
  const bin = (name) => path.join(root, 'node_modules', '.bin', name);
  const checks = [
    ['Type check', 'tsc', ['--noEmit']],
    ['Lint', 'biome', ['check', '.']],
    ['Unused code', 'knip', []],
    ['Tests', 'vitest', ['run', ...args]],
  ];
  for (const [title, name, checkArgs] of checks) {
    console.log(`\n${title}: ${name} ${checkArgs.join(' ')}`);
    const code = await run(bin(name), checkArgs);
    if (code !== 0) return code;
  }
  return 0;
}

/** Tests every client library that this machine can run, in any language; `npm test` runs those of npm. */
function testClients(args) {
  process.env.TEST_CLIENTS = 'all';
  return run(path.join(root, 'node_modules', '.bin', 'vitest'), ['run', 'test/clients', ...args]);
}

checkNode();
await install();
const [command, ...args] = process.argv.slice(2);
process.exitCode =
  command === 'test'
    ? await test(args)
    : command === 'test:clients'
      ? await testClients(args)
      : await run(process.execPath, [
          '--import',
          'tsx',
          path.join('src', 'cli', 'main.ts'),
          ...process.argv.slice(2),
        ]);
