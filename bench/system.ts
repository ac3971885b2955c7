import path from 'node:path';
import process from 'node:process';
import postgres from 'postgres';
import { type Database, openDatabase } from '../db/client.ts';
import { migrate } from '../db/migrate.ts';
import { createKey } from '../src/app/api-keys/keys.ts';
import { activateBundle } from '../src/app/config/activate-bundle.ts';
import { createBundleCompiler } from '../src/app/config/compiler/bundle-compiler.ts';
import type { BundleFile } from '../src/definitions/source/bundle-file.ts';
import { readBundleDir } from '../src/definitions/source/read-directory.ts';
import { type AppProcess, superviseApp } from '../src/dev/app/supervise.ts';
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
  /** One API's; by default there is no other. */
  url: string;
  /** Of all APIs. */
  urls: string[];
  databaseUrl: string;
  db: Database;
  writeKeys: string[];
  taskQueue: string;
  /** The roles' processes; of several, the last one. */
  pids: Partial<Record<Role, number>>;
}

/** What differs from one process of each role with the settings of production. */
export interface SystemOptions {
  env?: Record<string, string>;
  /** Of each role. */
  processes?: number;
  /** Files of the bundle besides those of the example. */
  files?: BundleFile[];
}

export async function startSystem(
  servers: Servers,
  name: string,
  roles: Role[],
  stops: Stops,
  { env: more = {}, processes = 1, files = [] }: SystemOptions = {},
): Promise<BenchSystem> {
  const databaseUrl = await createDatabase(servers.postgres.url, `bench_${name}`);
  await migrate(databaseUrl);
  const db = openDatabase(databaseUrl, { name: 'bench', max: 4 });
  stops.push(() => db.close());
  const compiler = createBundleCompiler();
  const activation = await activateBundle({ db, compiler }, WORKSPACE, [
    ...(await readBundleDir('examples/aroma')).filter(
      ({ path }) => !files.some((file) => file.path === path),
    ),
    ...files,
  ]);
  await compiler.close();
  if (!activation.ok) throw new Error(JSON.stringify(activation.errors));
  const writeKeys: string[] = [];
  for (let count = 0; count < KEYS; count++)
    writeKeys.push(await createKey(db, { workspace: WORKSPACE, kind: 'write', scopes: [], label: 'bench' }));

  const taskQueue = `bench-${name}`;
  const env = {
    ...process.env,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: servers.temporal.address,
    TEMPORAL_NAMESPACE: servers.temporal.namespace,
    SMTP_URL: servers.mailbox.smtpUrl,
    HOST: LOOPBACK,
    TASK_QUEUE: taskQueue,
    THROUGHLINE_SECRET: 'only for measurements',
    LOG_LEVEL: 'warn',
    NODE_ENV: 'production',
    ...more,
  };
  const pids: BenchSystem['pids'] = {};
  const product = buildProduct();
  const urls: string[] = [];
  const apps: AppProcess[] = [];
  for (const role of roles)
    for (let n = 1; n <= processes; n++) {
      const port = await findFreePort();
      if (role === 'api') urls.push(`http://${LOOPBACK}:${port}`);
      const app = superviseApp({
        role,
        command: process.execPath,
        args: [product, 'serve', role],
        env: { ...env, PORT: `${port}` },
        logFile: path.join(servers.dir, n === 1 ? `${name}-${role}.log` : `${name}-${role}-${n}.log`),
        // The log file has the output. If the role does not get ready, its last lines are printed.
        print: () => {},
        onSpawn: (pid) => {
          pids[role] = pid;
        },
      });
      apps.push(app);
      stops.push(() => app.stop(GRACE_MS));
    }
  // Only the API reports that it is ready. The bench waits for the other roles by their effects.
  await waitUntilReady(
    urls.map((url) => `${url}/readyz`),
    apps,
    READY_TIMEOUT_MS,
    (line) => console.log(`  ${line}`),
  );
  return { url: urls[0] ?? '', urls, databaseUrl, db, writeKeys, taskQueue, pids };
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
