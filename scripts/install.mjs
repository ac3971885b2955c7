import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './run.mjs';
import { ROOT } from './sources.mjs';

const STAMP = path.join(ROOT, 'node_modules', '.throughline-lock');

/**
 * Whether npm has already installed everything that the lock file names for this platform, through `npm ci` or
 * `npm install`. npm records its installation in node_modules/.package-lock.json.
 */
function isInstalledByHand() {
  const packagesOf = (...file) => JSON.parse(readFileSync(path.join(ROOT, ...file), 'utf8')).packages;
  const note = path.join('node_modules', '.package-lock.json');
  if (!existsSync(path.join(ROOT, note))) return false;
  const have = packagesOf(note);
  return Object.entries(packagesOf('package-lock.json')).every(([place, entry]) => {
    if (place === '' || have[place]?.version === entry.version) return true;
    const forThisMachine =
      entry.os?.includes(process.platform) && entry.cpu?.includes(process.arch) && !entry.libc;
    return !have[place] && entry.optional === true && !forThisMachine;
  });
}

/** Installs the locked dependencies, unless they are installed for this lock file already. @throws Error */
export async function ensureInstalled() {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8').trim() === lock) return;
  if (isInstalledByHand()) return writeFileSync(STAMP, `${lock}\n`);
  const first = !existsSync(path.join(ROOT, 'node_modules'));
  console.error(
    first ? 'Installing the dependencies (about a minute, once) …' : 'The lock file changed: installing …',
  );
  // With dev and optional dependencies, whatever NODE_ENV is: the build needs the compiler, and Postgres may be embedded.
  const options = ['--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  if ((await run('npm', ['ci', ...options])) !== 0) {
    // `npm ci` also refuses when the registry has other platforms of an optional package than the lock file.
    // `npm install` still uses the locked versions.
    console.error('npm ci did not work here, trying npm install …');
    const code = await run('npm', ['install', '--no-save', ...options]);
    if (code !== 0)
      throw new Error('npm could not install the dependencies: see above, then run the command again');
  }
  writeFileSync(STAMP, `${lock}\n`);
}
