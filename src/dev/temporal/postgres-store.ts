import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { findCacheDir } from '../cache-dir.ts';
import { type BuildOptions, buildGoProgram, type GoProgram } from './build.ts';
import { SERVER_VERSION } from './lookup.ts';

/** Temporal's own tool for its tables. It has every version of them built in. */
const SCHEMA_TOOL: GoProgram = {
  name: "Temporal's schema tool",
  package: 'go.temporal.io/server/cmd/tools/sql',
  version: SERVER_VERSION,
  duration: 'about a minute',
};
const PLUGIN = 'postgres12';

/** The databases of a Temporal server, by what it keeps in them. */
const DATABASES = { temporal: 'temporal', visibility: 'temporal_visibility' };

/** Where a Temporal server on Postgres keeps its state. */
export interface PostgresStore {
  plugin: string;
  /** `host:port` */
  address: string;
  user: string;
  password: string;
  databases: typeof DATABASES;
}

/**
 * Creates the databases of a Temporal server beside ours, and brings their tables to the server's version. Both may exist
 * already.
 * @param databaseUrl of a role that may create databases
 */
export async function preparePostgresStore(
  databaseUrl: string,
  options: Omit<BuildOptions, 'target'>,
): Promise<PostgresStore> {
  const tool = path.join(findCacheDir(options.env), `temporal-sql-tool-${SERVER_VERSION}`);
  if (!existsSync(tool)) await buildGoProgram(SCHEMA_TOOL, { ...options, target: tool });
  const { hostname, port, username, password } = new URL(databaseUrl);
  const user = decodeURIComponent(username);
  const connection = ['--plugin', PLUGIN, '--endpoint', hostname, '--port', port || '5432', '--user', user];
  const env = { ...process.env, SQL_PASSWORD: decodeURIComponent(password) };
  for (const [schema, database] of Object.entries(DATABASES)) {
    const run = (...args: string[]) =>
      promisify(execFile)(tool, [...connection, '--database', database, ...args], { env });
    await run('create-database');
    await run('setup-schema', '--version', '0.0');
    await run('update-schema', '--schema-name', `postgresql/v12/${schema}`);
  }
  return {
    plugin: PLUGIN,
    address: `${hostname}:${port || '5432'}`,
    user,
    password: env.SQL_PASSWORD,
    databases: DATABASES,
  };
}

/** Removes the databases of a Temporal server that has ended. */
export async function dropPostgresStore(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    for (const database of Object.values(DATABASES))
      await sql.unsafe(`drop database if exists ${database} with (force)`);
  } finally {
    await sql.end();
  }
}
