// What `throughline` does in a checkout before a command: it installs and builds. And the commands that only a checkout
// has, because they need the sources.
import path from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { findBinary, run } from './run.mjs';

const HELP = ['help', '--help', '-h'];

const COMMANDS = {
  build: {
    help: 'make dist; with --if-needed only if the sources have changed',
    run: (args) => ensureBuilt({ always: !args.includes('--if-needed') }).then(() => 0),
  },
  test: { help: 'check types, lint and unused code, then run the tests', run: test },
  'test:clients': { help: 'test every client library that this machine can run', run: testClients },
  bench: { help: 'measure throughput and latency on this machine', run: runSources('bench') },
  chaos: {
    help: 'break servers and roles of its own, and check that nothing is lost',
    run: runSources('chaos'),
  },
  attack: { help: 'attack a service of its own, and check that it stays safe', run: runSources('attack') },
};

/** Checks types, lint and unused code, builds, then runs the tests. The first failure ends it. */
async function test(args) {
  const checks = [
    // First, because it writes the types of the API, which tests of the console's parts import.
    ['Type check of the console', 'npm', ['run', '--silent', 'check:console']],
    ['Type check', 'tsc', ['--noEmit']],
    ['Lint', 'biome', ['check', '.']],
    ['Unused code', 'knip', []],
    ['Tests', 'vitest', ['run', ...args]],
  ];
  for (const [title, name, checkArgs] of checks) {
    if (name === 'vitest') await ensureBuilt();
    console.log(`\n${title}: ${name} ${checkArgs.join(' ')}`);
    const code = await run(name === 'npm' ? name : findBinary(name), checkArgs);
    if (code !== 0) return code;
  }
  return 0;
}

/** Tests client libraries in any language; `npm test` runs those of npm. */
function testClients(args) {
  process.env.TEST_CLIENTS = 'all';
  return run(findBinary('vitest'), ['run', 'test/clients', ...args]);
}

/** A command of TypeScript sources. The roles that it starts run from the build. */
function runSources(command) {
  return async (args) => {
    await ensureBuilt();
    return run(process.execPath, ['--import', 'tsx', path.join('scripts', 'main.ts'), command, ...args]);
  };
}

/**
 * Prepares a command. Returns whether it was one of a checkout, and has ended; the build has all others.
 */
export async function runInCheckout([command, ...args]) {
  try {
    await ensureInstalled();
    const own = Object.hasOwn(COMMANDS, command ?? '') ? COMMANDS[command] : undefined;
    if (own) {
      process.exitCode = await own.run(args);
      return true;
    }
    await ensureBuilt();
  } catch (error) {
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
    return true;
  }
  if (command === undefined || HELP.includes(command)) process.on('exit', describeCommands);
  return false;
}

function describeCommands() {
  const rows = Object.entries(COMMANDS).map(([name, { help }]) => `  ${name.padEnd(14)} ${help}`);
  console.log(`\nOnly in a checkout:\n${rows.join('\n')}`);
}
