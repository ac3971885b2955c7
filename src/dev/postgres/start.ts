import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import postgres from 'postgres';
import { UserError } from '../../user-error.ts';
import { LOOPBACK, reservePorts } from '../ports.ts';
import { ensureAccessibleDir } from './accessible-dir.ts';
import { findPostgres, OLDEST_POSTGRES } from './binaries.ts';
import {
  type Cluster,
  initCluster,
  readClusterMajor,
  readClusterPassword,
  SUPERUSER,
  startPostmaster,
  stopLeftoverPostmaster,
} from './cluster.ts';
import { findPostgresIdentity } from './identity.ts';

const DATABASE = 'throughline';
const EXTERNAL_TIMEOUT_S = 3;

/** How to start Postgres. */
export type PostgresOptions = {
  /** The folder that holds the cluster, its password, its port and its log. */
  dataDir: string;
  /** The port on 127.0.0.1; by default the one of the last start, if it is free. */
  port?: number;
  /** For tests: nothing is forced to disk, so a power cut may spoil the cluster. */
  fast?: boolean;
  log: (line: string) => void;
  env?: NodeJS.ProcessEnv;
};

/** A usable Postgres: `url` with its password, and `source` for the log. `stop` and `kill` end it only if it was started here. */
export type RunningPostgres = { url: string; source: string; stop(): Promise<void>; kill(): void };

/**
 * Finds or starts Postgres: `DATABASE_URL`, else the programs of this machine, else those that npm brought, on a cluster of our
 * own in `dataDir`. A server that a killed run left there is stopped first.
 *
 * @throws UserError when DATABASE_URL does not answer, or no Postgres is found or it does not start.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const env = options.env ?? process.env;
  if (env.DATABASE_URL) return useExternal(env.DATABASE_URL);
  const { log } = options;
  const identity = findPostgresIdentity();
  const home = ensureAccessibleDir(options.dataDir, identity, log);
  const wanted = { major: readClusterMajor(home), forced: env.THROUGHLINE_POSTGRES };
  const cluster: Cluster = {
    home,
    identity,
    fast: options.fast ?? false,
    binaries: findPostgres(wanted, identity, log),
  };
  const leftover = await stopLeftoverPostmaster(home);
  if (leftover) log(`stopped the Postgres that an earlier run left (process ${leftover})`);
  initCluster(cluster);
  const [port = 0] = options.port ? [options.port] : await reservePorts(path.join(home, 'port'), 1);
  const server = await startPostmaster(cluster, port, (logFile) =>
    log(`Postgres ended unexpectedly, see ${logFile}`),
  );
  const urlOf = (database: string) =>
    `postgres://${SUPERUSER}:${readClusterPassword(home)}@${LOOPBACK}:${port}/${database}`;
  try {
    await ensureDatabase(urlOf('postgres'));
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { url: urlOf(DATABASE), source: cluster.binaries.source, stop: server.stop, kill: server.kill };
}

/** Removes a cluster that {@link startPostgres} made in `dataDir` or in its stand-in; it must have been stopped. */
export function removeCluster(dataDir: string): void {
  const home = ensureAccessibleDir(dataDir, findPostgresIdentity(), () => {});
  rmSync(home, { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}

async function ensureDatabase(adminUrl: string): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, connect_timeout: 10, onnotice: () => {} });
  try {
    const rows = await sql`select 1 from pg_database where datname = ${DATABASE}`;
    if (rows.length === 0) await sql`create database ${sql(DATABASE)}`;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function useExternal(url: string): Promise<RunningPostgres> {
  const place = placeOf(url);
  const sql = postgres(url, { max: 1, connect_timeout: EXTERNAL_TIMEOUT_S, onnotice: () => {} });
  try {
    const [row] = await withTimeout(sql`select current_setting('server_version_num')::int / 10000 as major`);
    const major = Number(row?.major);
    if (major < OLDEST_POSTGRES) {
      throw new UserError(`DATABASE_URL: ${place} is Postgres ${major}: use ${OLDEST_POSTGRES} or newer`);
    }
    return {
      url,
      source: `DATABASE_URL (${place}, Postgres ${major})`,
      stop: async () => {},
      kill: () => {},
    };
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(
      `DATABASE_URL: ${place} can't be used (${message || code}): start that server, correct the URL, or unset it to have one started here`,
    );
  } finally {
    await sql.end({ timeout: 0 });
  }
}

/** The address without user and password, for messages. */
function placeOf(url: string): string {
  try {
    const { host, pathname, protocol } = new URL(url);
    if (protocol === 'postgres:' || protocol === 'postgresql:') return `${host}${pathname}`;
  } catch {
    // Falls through to the same message.
  }
  throw new UserError(
    'DATABASE_URL is not a postgres:// URL: write postgres://user:password@host:port/database',
  );
}

// The driver has a time-out for connecting, but none for a server that accepts a connection and never answers.
async function withTimeout<T>(query: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`no answer within ${EXTERNAL_TIMEOUT_S} s`);
    timer = setTimeout(() => reject(error), EXTERNAL_TIMEOUT_S * 1_000);
  });
  try {
    return await Promise.race([query, late]);
  } finally {
    clearTimeout(timer);
  }
}
