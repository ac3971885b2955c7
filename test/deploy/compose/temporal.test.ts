import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Connection } from '@temporalio/client';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { findCacheDir } from '../../../src/dev/cache-dir.ts';
import { reservePorts } from '../../../src/dev/ports.ts';
import { removeCluster, startPostgres } from '../../../src/dev/postgres/start.ts';
import { SERVER_VERSION } from '../../../src/dev/temporal/lookup.ts';
import { connectWithin, ensureNamespace } from '../../../src/dev/temporal/namespace.ts';
import { SCHEMA_TOOL } from '../../../src/dev/temporal/postgres-store.ts';
import { findFastDir } from '../../support/abandoned-runs.ts';
import { obtainGoProgram } from '../../support/go-program.ts';
import { ROOT } from '../../support/paths.ts';

const run = promisify(execFile);
const DEPLOY = path.join(ROOT, 'deploy');
const LOOPBACK = '127.0.0.1';

let dir: string;
const stops: (() => unknown)[] = [];
let skipped: string | undefined;
let tool = '';
const serverFile = path.join(findCacheDir(), `temporal-server-${SERVER_VERSION}`);
const passwords = {
  POSTGRES_PASSWORD: 'unused',
  THROUGHLINE_DB_PASSWORD: randomBytes(8).toString('hex'),
  TEMPORAL_DB_PASSWORD: randomBytes(8).toString('hex'),
};
/** A superuser of a server of this test's own: the roles and databases have fixed names. */
let admin: URL;

/** The environment of a service, with the passwords put in and Postgres on this machine. */
function readEnvironment(name: string): Record<string, string> {
  const { services } = parse(readFileSync(path.join(DEPLOY, 'compose.yaml'), 'utf8'), { merge: true });
  return Object.fromEntries(
    Object.entries(services[name].environment).map(([variable, value]) => [
      variable,
      String(value)
        .replace(
          /\$\{(\w+)(?::[-?]([^}]*))?\}/g,
          (_, key, fallback = '') => passwords[key as keyof typeof passwords] ?? fallback,
        )
        .replace(/^postgres$/, LOOPBACK)
        .replace(/^5432$/, admin.port)
        .replace('0.0.0.0', LOOPBACK),
    ]),
  );
}

beforeAll(async () => {
  dir = mkdtempSync(path.join(findFastDir(), 'throughline-temporal-'));
  chmodSync(dir, 0o711);
  if (!existsSync(serverFile)) skipped = "Temporal's server was not built here";
  else if (!(await run('psql', ['--version']).catch(() => null)))
    skipped = 'psql, which is in the image of Postgres, is not here';
  else {
    const built = await obtainGoProgram(SCHEMA_TOOL, 'temporal-sql-tool');
    skipped = built.missing;
    tool = built.executable ?? '';
  }
  if (!skipped) admin = await startEmptyPostgres();
}, 600_000);

afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Starts a server as the image of Postgres does: without the role and the database that our own launcher creates. */
async function startEmptyPostgres(): Promise<URL> {
  const { DATABASE_URL: _, ...env } = process.env;
  const dataDir = path.join(dir, 'postgres');
  const database = await startPostgres({ dataDir, fast: true, log: () => {}, env });
  stops.push(async () => {
    await database.stop();
    removeCluster(dataDir);
  });
  const first = new URL(database.url);
  const asFirst = postgres(first.href, { max: 1 });
  await asFirst.unsafe(`create role superuser superuser login password 'superuser'`);
  await asFirst.end();
  const url = Object.assign(new URL(first), {
    username: 'superuser',
    password: 'superuser',
    pathname: '/postgres',
  });
  const sql = postgres(url.href, { max: 1, onnotice: () => {} });
  await sql.unsafe(`alter role ${first.username} rename to first`);
  await sql.unsafe(`alter database ${first.pathname.slice(1)} rename to first`);
  await sql.end();
  return url;
}

test("the scripts of the Compose file set Postgres up, and Temporal's server starts on it with its variables", async (context) => {
  if (skipped) return context.skip(skipped);
  await run('sh', [path.join(DEPLOY, 'compose/create-databases.sh')], {
    env: {
      ...process.env,
      ...passwords,
      PGHOST: admin.hostname,
      PGPORT: admin.port,
      PGPASSWORD: admin.password,
      POSTGRES_USER: admin.username,
    },
  });
  // The tool has another name in Temporal's image.
  mkdirSync(path.join(dir, 'bin'));
  symlinkSync(tool, path.join(dir, 'bin', 'temporal-sql-tool'));
  const schema = {
    ...readEnvironment('temporal-schema'),
    PATH: `${path.join(dir, 'bin')}:${process.env.PATH}`,
  };
  // Compose runs it at each start.
  for (let times = 0; times < 2; times++)
    await run('sh', [path.join(DEPLOY, 'compose/create-temporal-schema.sh')], { env: schema });

  // Postgres keeps them as signed numbers of 16 bits.
  const ports = await reservePorts(path.join(dir, 'ports'), 9, { small: true });
  const services = ['FRONTEND', 'MATCHING', 'HISTORY', 'WORKER'].flatMap((name, index) => [
    [`${name}_GRPC_PORT`, String(ports[2 * index])],
    [`${name}_MEMBERSHIP_PORT`, String(ports[2 * index + 1])],
  ]);
  const server = spawn(serverFile, ['start'], {
    cwd: dir,
    env: {
      ...readEnvironment('temporal'),
      ...Object.fromEntries(services),
      FRONTEND_HTTP_PORT: String(ports[8]),
      DYNAMIC_CONFIG_FILE_PATH: path.join(DEPLOY, 'compose/dynamic-config.yaml'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  stops.push(() => server.kill('SIGKILL'));
  let output = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => (output += chunk));
  const address = `${LOOPBACK}:${ports[0]}`;
  const ended = () => (server.exitCode === null ? undefined : `the server ended: ${output}`);
  const connection: Connection = await connectWithin(60_000, { address }, ended);
  try {
    await ensureNamespace(connection, 'throughline', 60_000);
    const { persistenceStore, historyShardCount, serverVersion } =
      await connection.workflowService.getClusterInfo({});
    expect({ persistenceStore, historyShardCount, serverVersion }).toEqual({
      persistenceStore: 'postgres12',
      historyShardCount: 128,
      serverVersion: SERVER_VERSION,
    });
  } finally {
    await connection.close();
  }
  // Throughline's own user can create its tables.
  const other = new URL(admin);
  Object.assign(other, {
    username: 'throughline',
    password: passwords.THROUGHLINE_DB_PASSWORD,
    pathname: '/throughline',
  });
  const sql = postgres(other.href, { max: 1 });
  await sql`create table allowed (id int)`;
  await sql.end();
}, 240_000);
