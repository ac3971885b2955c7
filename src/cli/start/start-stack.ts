import path from 'node:path';
import process from 'node:process';
import { PACKAGE_DIR } from '../../compiled.ts';
import { readOrCreateDevSecret } from '../../dev/app/dev-secret.ts';
import { createSourcesFile } from '../../dev/app/sources-file.ts';
import { type AppProcess, buildServeCommand, superviseApp } from '../../dev/app/supervise.ts';
import { waitUntilReady } from '../../dev/app/wait-until-ready.ts';
import { type DevFile, readDevFile } from '../../dev/dev-file.ts';
import { type Mailbox, startMailbox } from '../../dev/mailbox/start.ts';
import { findFreePort, LOOPBACK } from '../../dev/ports.ts';
import { startPostgres } from '../../dev/postgres/start.ts';
import { recordProcess } from '../../dev/processes/records.ts';
import { type RunningTemporal, startTemporalServer } from '../../dev/temporal/start.ts';
import type { Progress } from '../progress.ts';
import { ensureDevWorkspace } from './dev-workspace.ts';
import { migrateDevDatabase } from './migrate-dev-database.ts';
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

/**
 * Starts the servers side by side, prepares the database and starts the roles. Resolves once all of them are ready.
 * After a failure, what is starting is waited for, so that it can be stopped.
 */
export async function startStack(options: StackOptions): Promise<DevFile> {
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const stack = { ...options, signal };
  const uiPort = options.temporalUi ? await findFreePort(TEMPORAL_UI_PORT) : undefined;

  const temporal = startTemporal(stack, uiPort);
  const database = startDatabase(stack);
  const mailbox = startMailboxOf(stack);
  const roles = Promise.all([database, mailbox, temporal.place]).then((servers) =>
    startRoles(stack, uiPort, ...servers),
  );
  const parts = [database, mailbox, temporal.server, roles] as const;
  for (const part of parts) part.catch((error) => failed.abort(error));
  await Promise.allSettled(parts);
  // The first failure, which has ended the other parts, or the user's wish to stop.
  signal.throwIfAborted();

  const [{ url: databaseUrl, keys }, { url: mailboxUrl }, server] = await Promise.all(parts);
  const ui = uiPort ? await startUi(server, uiPort, options) : undefined;
  if (ui) options.started.servers.push({ name: "Temporal's UI", ...ui });
  return {
    url: options.url,
    writeKey: keys.writeKey,
    browserKey: keys.browserKey,
    apiKey: keys.apiKey,
    temporalAddress: server.address,
    temporalUiUrl: ui?.url,
    databaseUrl,
    mailboxUrl,
  };
}

type TemporalPlace = Pick<RunningTemporal, 'address' | 'namespace'>;

/** Starts Temporal. `place` resolves once clients may be started, which may be before the server is ready. */
function startTemporal(
  { dir, progress, started, signal }: StackOptions,
  uiPort: number | undefined,
): { place: Promise<TemporalPlace>; server: Promise<RunningTemporal> } {
  let onStarting: (place: TemporalPlace) => void = () => {};
  const early = new Promise<TemporalPlace>((resolve) => {
    onStarting = resolve;
  });
  const start = async (update: (text: string) => void) => {
    const server = await startTemporalServer({
      dir: path.join(dir, 'temporal'),
      persist: true,
      log: (line) => progress.line(line),
      progress: update,
      download: process.env.CI ? 'off, because CI is set' : true,
      uiPort,
      onStarting,
      signal,
    });
    started.servers.push({ name: 'Temporal', stop: server.stop, kill: server.kill });
    return server;
  };
  const server = progress.step('Temporal', start, ({ source }) => source);
  return { place: Promise.race([early, server]), server };
}

/** Starts Postgres, brings the schema up to date and prepares the workspace. */
async function startDatabase({ dir, progress, started, signal }: StackOptions) {
  const previousKeys = readDevFile(path.join(dir, 'dev.json'));
  const { url, stop, kill } = await progress.step(
    'Postgres',
    () => startPostgres({ dataDir: path.join(dir, 'postgres'), log: (line) => progress.line(line) }),
    ({ source }) => source,
  );
  started.servers.push({ name: 'Postgres', stop, kill });
  signal.throwIfAborted();
  await progress.step('Database schema', () => migrateDevDatabase(url, dir));
  signal.throwIfAborted();
  const bundleDir = path.join(PACKAGE_DIR, 'examples', 'aroma');
  const keys = await progress.step(
    'Workspace',
    () => ensureDevWorkspace(url, { bundleDir, previousKeys }),
    ({ applied }) => (applied ? 'Workspace with the bundle of examples/aroma' : 'Workspace'),
  );
  return { url, keys };
}

async function startMailboxOf({ dir, started }: StackOptions): Promise<Mailbox> {
  const mailbox = await startMailbox({
    file: path.join(dir, 'mailbox.jsonl'),
    smtpPort: await findFreePort(SMTP_PORT),
    httpPort: await findFreePort(MAILBOX_PORT),
  });
  started.servers.push({ name: 'the mailbox', stop: mailbox.stop, kill: () => {} });
  return mailbox;
}

/** Starts each role in a process of its own. Resolves when all are ready. */
async function startRoles(
  options: StackOptions,
  uiPort: number | undefined,
  database: { url: string },
  mailbox: Mailbox,
  temporal: TemporalPlace,
): Promise<void> {
  const { dir, progress, signal, url } = options;
  signal.throwIfAborted();
  const secret = process.env.THROUGHLINE_SECRET || readOrCreateDevSecret(dir);
  const env = {
    // Later starts read what this one has compiled; Node 20 ignores it.
    NODE_COMPILE_CACHE: path.join(dir, 'compile-cache'),
    ...process.env,
    // The mailbox shows text messages, too.
    CHANNELS: process.env.CHANNELS || JSON.stringify({ sms: { url: mailbox.channelUrl('sms'), secret } }),
    SOURCES_FILE: process.env.SOURCES_FILE || createSourcesFile(dir),
    // The mailbox is on this machine, and so are connectors under development.
    OUTBOUND_ALLOW: ['127.0.0.1', '::1', process.env.OUTBOUND_ALLOW ?? ''].join(' '),
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    SMTP_URL: mailbox.smtpUrl,
    TEST_RECIPIENTS: process.env.TEST_RECIPIENTS || '["@example.com"]',
    THROUGHLINE_SECRET: secret,
    HOST: LOOPBACK,
    ONE_CLICK_LOGIN: 'true',
    PORT: `${options.port}`,
    PUBLIC_URL: process.env.PUBLIC_URL || url,
    TEMPORAL_UI_URL: process.env.TEMPORAL_UI_URL || (uiPort ? `http://${LOOPBACK}:${uiPort}` : ''),
  };
  const ports = await Promise.all(ROLES.map(() => findFreePort()));
  const apps = ROLES.map((role, index) =>
    startApp(role, { ...env, HEALTH_PORT: `${ports[index]}` }, options),
  );
  const urls = [url, ...ports.map((port) => `http://${LOOPBACK}:${port}`)].map((base) => `${base}/readyz`);
  await progress.step('API, relay and worker', () =>
    waitUntilReady(urls, apps, READY_TIMEOUT_MS, (line) => progress.line(line), signal),
  );
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
