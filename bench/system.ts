import path from 'node:path';
import process from 'node:process';
import postgres from 'postgres';
import { type Database, openDatabase } from '../db/client.ts';
import { migrate } from '../db/migrate.ts';
import { createKey } from '../src/app/api-keys/keys.ts';
import { activateBundle } from '../src/app/config/activate-bundle.ts';
import { createBundleCompiler } from '../src/app/config/compiler/bundle-compiler.ts';
import { readBundleDir } from '../src/definitions/source/read-directory.ts';
import { superviseApp } from '../src/dev/app/supervise.ts';
import { waitUntilReady } from '../src/dev/app/wait-until-ready.ts';
import { findFreePort, LOOPBACK } from '../src/dev/ports.ts';
import { buildProduct } from '../test/support/product.ts';
import type { Servers } from './servers.ts';
import type { Stops } from './stops.ts';

export const WORKSPACE = 'aroma';
/** The rate limit of one key is not a property of the machine, so senders use several keys in turn. */
const KEYS = 8;
const READY_TIMEOUT_MS = 60_000;
const GRACE_MS = 10_000;

export type Role = 'api' | 'relay' | 'worker';

/** A Throughline to measure: a database of its own, and each role in a process of its own, as in production. */
export interface BenchSystem {
  url: string;
  databaseUrl: string;
  db: Database;
  writeKeys: string[];
  taskQueue: string;
  /** The roles' processes. */
  pids: Partial<Record<Role, number>>;
}

export async function startSystem(
  servers: Servers,
  name: string,
  roles: Role[],
  stops: Stops,
  more: Record<string, string> = {},
): Promise<BenchSystem> {
  const databaseUrl = await createDatabase(servers.postgres.url, `bench_${name}`);
  await migrate(databaseUrl);
  const db = openDatabase(databaseUrl, { name: 'bench', max: 4 });
  stops.push(() => db.close());
  const compiler = createBundleCompiler();
  const activation = await activateBundle({ db, compiler }, WORKSPACE, await readBundleDir('examples/aroma'));
  await compiler.close();
  if (!activation.ok) throw new Error(JSON.stringify(activation.errors));
  const writeKeys: string[] = [];
  for (let count = 0; count < KEYS; count++)
    writeKeys.push(await createKey(db, { workspace: WORKSPACE, kind: 'write', scopes: [], label: 'bench' }));

  const port = await findFreePort();
  const taskQueue = `bench-${name}`;
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: servers.temporal.address,
    TEMPORAL_NAMESPACE: servers.temporal.namespace,
    SMTP_URL: servers.mailbox.smtpUrl,
    HOST: LOOPBACK,
    PORT: `${port}`,
    TASK_QUEUE: taskQueue,
    THROUGHLINE_SECRET: 'only for measurements',
    LOG_LEVEL: 'warn',
    NODE_ENV: 'production',
    ...more,
  };
  const pids: BenchSystem['pids'] = {};
  const apps = roles.map((role) => {
    const app = superviseApp({
      role,
      command: process.execPath,
      args: [buildProduct(), 'serve', role],
      env,
      logFile: path.join(servers.dir, `${name}-${role}.log`),
      // The log file has the output. If the role does not get ready, its last lines are printed.
      print: () => {},
      onSpawn: (pid) => {
        pids[role] = pid;
      },
    });
    stops.push(() => app.stop(GRACE_MS));
    return app;
  });
  const url = `http://${LOOPBACK}:${port}`;
  // Only the API reports that it is ready. The bench waits for the other roles by their effects.
  if (roles.includes('api'))
    await waitUntilReady(`${url}/readyz`, apps, READY_TIMEOUT_MS, (line) => console.log(`  ${line}`));
  return { url, databaseUrl, db, writeKeys, taskQueue, pids };
}

export async function createDatabase(url: string, name: string): Promise<string> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(`create database ${name}`);
  } finally {
    await sql.end();
  }
  const own = new URL(url);
  own.pathname = `/${name}`;
  return own.href;
}
