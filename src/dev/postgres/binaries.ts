import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { UserError } from '../../user-error.ts';
import { prepareEmbeddedPostgres } from './embedded.ts';
import { canExecute, type UnixIdentity } from './identity.ts';

/** The oldest Postgres that the schema works with. */
export const OLDEST_POSTGRES = 14;

/** A set of Postgres programs: where they are, their major version, and a name for the log. */
export type PostgresBinaries = { bin: string; major: number; source: string };

/** The requirements of the search: the major version that a cluster on disk needs, and a forced kind. */
export type BinariesRequest = { major?: number; forced?: string };

/**
 * Finds Postgres programs: those of the machine, otherwise those from npm packages. `THROUGHLINE_POSTGRES=system|embedded` forces the
 * one or the other.
 */
export function findPostgres(
  wanted: BinariesRequest,
  identity: UnixIdentity,
  log: (line: string) => void,
): PostgresBinaries {
  const { forced, major } = wanted;
  if (forced && forced !== 'system' && forced !== 'embedded') {
    throw new UserError(`THROUGHLINE_POSTGRES is "${forced}": set it to system or embedded, or unset it`);
  }
  const fits = (found: PostgresBinaries) =>
    found.major >= OLDEST_POSTGRES && (major === undefined || found.major === major);
  const system =
    forced === 'embedded'
      ? undefined
      : findSystemPostgres().find(
          (binaries) => fits(binaries) && canExecute(identity, path.join(binaries.bin, 'postgres')),
        );
  if (system) return system;
  const embedded = forced === 'system' ? undefined : embeddedPostgres(identity, log);
  if (embedded && fits(embedded)) return embedded;
  const forcedBy = forced ? ` (THROUGHLINE_POSTGRES=${forced})` : '';
  throw new UserError(
    major === undefined
      ? `no Postgres ${OLDEST_POSTGRES} or newer was found${forcedBy}: install one, or set DATABASE_URL`
      : `the data folder was made with Postgres ${major}, which was not found${forcedBy}: install it, delete the folder with its data, or set DATABASE_URL`,
  );
}

/** The sets of programs of this machine, the most deliberate first: pg_config's, PATH's, then the newest packages. */
export function findSystemPostgres(): PostgresBinaries[] {
  const candidates = [pgConfigDir(), pathDir(), ...packagedDirs()].filter((dir) => dir !== undefined);
  const found: PostgresBinaries[] = [];
  for (const bin of new Set(candidates)) {
    // libpq's development package brings a pg_config without a server.
    if (!['postgres', 'initdb'].every((name) => existsSync(path.join(bin, name)))) continue;
    const major = readMajorVersion(bin);
    if (major !== undefined) found.push({ bin, major, source: `Postgres ${major} of this machine (${bin})` });
  }
  return found;
}

function embeddedPostgres(identity: UnixIdentity, log: (line: string) => void): PostgresBinaries | undefined {
  const dir = prepareEmbeddedPostgres({ identity, log });
  const bin = dir && path.join(dir, 'bin');
  const major = bin && readMajorVersion(bin);
  return major ? { bin, major, source: `Postgres ${major} from npm (${bin})` } : undefined;
}

function pgConfigDir(): string | undefined {
  const dir = outputOf('pg_config', ['--bindir']);
  return dir && existsSync(dir) ? realpathSync(dir) : undefined;
}

function pathDir(): string | undefined {
  const dir = (process.env.PATH ?? '')
    .split(path.delimiter)
    .find((entry) => entry && existsSync(path.join(entry, 'postgres')));
  // A link alone doesn't do: Postgres looks for its share folder next to where it really lives.
  return dir && path.dirname(realpathSync(path.join(dir, 'postgres')));
}

function packagedDirs(): string[] {
  const places: [folder: string, name: RegExp][] = [
    ['/usr/lib/postgresql', /^\d+$/],
    ['/usr', /^pgsql-\d+$/],
    ['/opt/homebrew/opt', /^postgresql@\d+$/],
    ['/usr/local/opt', /^postgresql@\d+$/],
    ['/Applications/Postgres.app/Contents/Versions', /^\d+$/],
  ];
  const versionIn = (dir: string) => Number(/(\d+)\/bin$/.exec(dir)?.[1]);
  return places
    .flatMap(([folder, name]) =>
      (existsSync(folder) ? readdirSync(folder) : [])
        .filter((entry) => name.test(entry))
        .map((entry) => path.join(folder, entry, 'bin')),
    )
    .sort((a, b) => versionIn(b) - versionIn(a));
}

/** The major version of the programs in a folder; `undefined` when they don't run here. */
function readMajorVersion(bin: string): number | undefined {
  const major = /\(PostgreSQL\) (\d+)/.exec(outputOf(path.join(bin, 'postgres'), ['--version']) ?? '')?.[1];
  return major ? Number(major) : undefined;
}

function outputOf(command: string, args: string[]): string | undefined {
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5_000,
    }).trim();
  } catch {
    return undefined;
  }
}
