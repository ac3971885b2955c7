import path from 'node:path';
import process from 'node:process';
import { migrate, SchemaMismatch } from '../../../db/migrate.ts';
import { PACKAGE_DIR } from '../../compiled.ts';
import { readOrCreateDevSecret } from '../../dev/app/dev-secret.ts';
import { type AppProcess, buildServeCommand, superviseApp } from '../../dev/app/supervise.ts';
import { waitUntilReady } from '../../dev/app/wait-until-ready.ts';
import { type DevFile, readDevFile } from '../../dev/dev-file.ts';
import { startMailbox } from '../../dev/mailbox/start.ts';
import { findFreePort } from '../../dev/ports.ts';
import { startPostgres } from '../../dev/postgres/start.ts';
import { recordProcess } from '../../dev/processes/records.ts';
import { startTemporalServer } from '../../dev/temporal/start.ts';
import { UserError } from '../../user-error.ts';
import type { Progress } from '../progress.ts';
import { ensureDevWorkspace } from './dev-workspace.ts';
import { startUi } from './start-ui.ts';

/** The order in which roles are started and stopped: the API stops accepting events before the workers stop. */
const ROLES = ['api', 'relay', 'worker'];
const SMTP_PORT = 1025;
const MAILBOX_PORT = 8025;
const TEMPORAL_UI_PORT = 8233;
const READY_TIMEOUT_MS = 90_000;
/** Longer than a worker's own grace period, in which a delivery under way finishes. */
const APP_GRACE_MS = 42_000;

/** A started server or role: `stop` ends it in order, `kill` at once. */
export type Stoppable = { name: string; stop(): Promise<void>; kill(): void };

/** Options of {@link startStack}, which pushes everything that it starts onto `started`, in the order of starting. */
export type StackOptions = {
  dir: string;
  port: number;
  /** The URL of the API on this machine. */
  url: string;
  processFile: string;
  /** Whether Temporal's UI is started, too. */
  temporalUi: boolean;
  progress: Progress;
  started: { servers: Stoppable[]; apps: Stoppable[] };
  /** Aborted when the user asks to stop. */
  signal: AbortSignal;
};

/** Starts the servers, prepares the database and starts the roles. Resolves once the API is ready. */
export async function startStack(options: StackOptions): Promise<DevFile> {
  const { dir, progress, started, signal } = options;
  const log = (line: string) => progress.line(line);
  const previousKeys = readDevFile(path.join(dir, 'dev.json'));

  const database = await progress.step(
    'Postgres',
    () => startPostgres({ dataDir: path.join(dir, 'postgres'), log }),
    ({ source }) => source,
  );
  started.servers.push({ name: 'Postgres', stop: database.stop, kill: database.kill });
  signal.throwIfAborted();
  const uiPort = options.temporalUi ? await findFreePort(TEMPORAL_UI_PORT) : undefined;
  const temporal = await progress.step(
    'Temporal',
    (update) =>
      startTemporalServer({
        dir: path.join(dir, 'temporal'),
        persist: true,
        log,
        progress: update,
        download: process.env.CI ? 'off, because CI is set' : true,
        uiPort,
        signal,
      }),
    ({ source }) => source,
  );
  started.servers.push({ name: 'Temporal', stop: temporal.stop, kill: temporal.kill });
  signal.throwIfAborted();
  const mailbox = await startMailbox({
    file: path.join(dir, 'mailbox.jsonl'),
    smtpPort: await findFreePort(SMTP_PORT),
    httpPort: await findFreePort(MAILBOX_PORT),
  });
  started.servers.push({ name: 'the mailbox', stop: mailbox.stop, kill: () => {} });
  await progress.step('Database schema', () => migrateDevDatabase(database.url));
  signal.throwIfAborted();
  const keys = await progress.step(
    'Workspace',
    () =>
      ensureDevWorkspace(database.url, {
        bundleDir: path.join(PACKAGE_DIR, 'examples', 'aroma'),
        previousKeys,
      }),
    ({ applied }) => (applied ? 'Workspace with the bundle of examples/aroma' : 'Workspace'),
  );
  signal.throwIfAborted();

  const secret = process.env.THROUGHLINE_SECRET || readOrCreateDevSecret(dir);
  const env = {
    ...process.env,
    // The mailbox shows text messages, too.
    CHANNELS: process.env.CHANNELS || JSON.stringify({ sms: { url: mailbox.channelUrl('sms'), secret } }),
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    SMTP_URL: mailbox.smtpUrl,
    THROUGHLINE_SECRET: secret,
    PORT: `${options.port}`,
    // One port cannot serve three processes.
    HEALTH_PORT: '',
    PUBLIC_URL: process.env.PUBLIC_URL || options.url,
  };
  const apps = ROLES.map((role) => startApp(role, env, options));
  await progress.step('API, relay and worker', () =>
    waitUntilReady(`${options.url}/readyz`, apps, READY_TIMEOUT_MS, log, signal),
  );
  const ui = uiPort ? await startUi(temporal, uiPort, options) : undefined;
  if (ui) started.servers.push({ name: "Temporal's UI", ...ui });
  return {
    url: options.url,
    writeKey: keys.writeKey,
    browserKey: keys.browserKey,
    apiKey: keys.apiKey,
    temporalAddress: temporal.address,
    temporalUiUrl: ui?.url,
    databaseUrl: database.url,
    mailboxUrl: mailbox.url,
  };
}

async function migrateDevDatabase(url: string): Promise<void> {
  try {
    await migrate(url);
  } catch (error) {
    if (!(error instanceof SchemaMismatch)) throw error;
    throw new UserError(`${error.message}. The data of npm start is in .throughline/postgres`);
  }
}

function startApp(
  role: string,
  env: NodeJS.ProcessEnv,
  { dir, processFile, progress, started }: StackOptions,
): AppProcess {
  const app = superviseApp({
    role,
    ...buildServeCommand(role),
    env,
    logFile: path.join(dir, 'logs', `${role}.log`),
    print: (line) => progress.line(line),
    onSpawn: (pid) => recordProcess(processFile, role, pid),
  });
  started.apps.push({ name: role, stop: () => app.stop(APP_GRACE_MS), kill: () => app.kill() });
  return app;
}
