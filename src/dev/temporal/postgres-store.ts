import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { findCacheDir } from '../cache-dir.ts';
import { type BuildOptions, buildGoProgram, type GoProgram } from './build.ts';
import { SERVER_VERSION } from './lookup.ts';

/** Temporal's own tool for its tables. It has every version of them built in. */
export const SCHEMA_TOOL: GoProgram = {
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

/** What the schema tool needs besides the database. */
type ToolOptions = Omit<BuildOptions, 'target'>;

/**
 * Creates the databases of a Temporal server beside ours, and brings their tables to the server's version. Both may exist
 * already.
 * @param databaseUrl of a role that may create databases
 */
export async function preparePostgresStore(
  databaseUrl: string,
  options: ToolOptions,
): Promise<PostgresStore> {
  await runForEachDatabase(databaseUrl, options, (schema) => [
    ['create-database'],
    ['setup-schema', '--version', '0.0'],
    ['update-schema', '--schema-name', `postgresql/v12/${schema}`],
  ]);
  const { user, password, address } = readConnection(databaseUrl);
  return { plugin: PLUGIN, address: address.join(':'), user, password, databases: DATABASES };
}

/** Removes the databases of a Temporal server that has ended. */
export async function dropPostgresStore(databaseUrl: string, options: ToolOptions): Promise<void> {
  await runForEachDatabase(databaseUrl, options, () => [['drop-database', '--force']]);
}

/** Runs commands of the schema tool, one after the other. */
async function runForEachDatabase(
  databaseUrl: string,
  options: ToolOptions,
  commands: (schema: string) => string[][],
): Promise<void> {
  const tool = path.join(findCacheDir(options.env), `temporal-sql-tool-${SERVER_VERSION}`);
  if (!existsSync(tool)) await buildGoProgram(SCHEMA_TOOL, { ...options, target: tool });
  const { user, password, address } = readConnection(databaseUrl);
  const [host, port] = address;
  const connection = ['--plugin', PLUGIN, '--endpoint', host, '--port', port, '--user', user];
  const env = { ...process.env, SQL_PASSWORD: password };
  for (const [schema, database] of Object.entries(DATABASES))
    for (const command of commands(schema))
      await promisify(execFile)(tool, [...connection, '--database', database, ...command], { env });
}

function readConnection(databaseUrl: string) {
  const { hostname, port, username, password } = new URL(databaseUrl);
  return {
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    address: [hostname, port || '5432'] as const,
  };
}
