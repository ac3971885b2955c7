import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ConnectionOptions } from '@temporalio/client';
import { UserError } from '../../user-error.ts';
import { readLastLines } from '../last-lines.ts';
import { LOOPBACK, reservePorts } from '../ports.ts';
import { signalProcess, stopProcess } from '../processes/processes.ts';
import { recordProcess, stopRecordedProcesses } from '../processes/records.ts';
import {
  buildCliArguments,
  buildDynamicSettings,
  buildServerConfig,
  type DynamicSettings,
  formatDynamicConfig,
  type TemporalPorts,
} from './config.ts';
import { findTemporalServer, type TemporalChoice } from './lookup.ts';
import { connectWithin, ensureNamespace, namespaceExists } from './namespace.ts';
import { type ObtainOptions, obtainBareServer, obtainTemporalServer } from './obtain.ts';
import { type PostgresStore, preparePostgresStore } from './postgres-store.ts';

const NAMESPACE = 'default';
const EXTERNAL_TIMEOUT_MS = 5_000;
const READY_TIMEOUT_MS = 90_000;
const PORT_COUNT = 8;

/** How to start Temporal. */
export type TemporalOptions = {
  /** The folder for its configuration, log, port and database. */
  dir: string;
  /** Keep everything in a file of `dir` and the port the same; otherwise in memory. */
  persist: boolean;
  /** Keep the state in databases of its own on this Postgres. It takes the bare server; one that runs already is not used. */
  postgresUrl?: string;
  log: (line: string) => void;
  /** Whether the development server may be downloaded. By default it is not: tests and CI build the server. */
  download?: ObtainOptions['download'];
  /** The port for the pages of a command line's development server, which has them built in. By default it has none. */
  uiPort?: number;
  /**
   * Called as soon as a server begins to start that has the namespace from before. Clients that try again may be started
   * meanwhile.
   */
  onStarting?: (server: Pick<RunningTemporal, 'address' | 'namespace'>) => void;
  /** Called with the progress of a download or build. By default every tenth text goes to `log`. */
  progress?: (text: string) => void;
  /** Ends a build. */
  signal?: AbortSignal;
  env?: NodeJS.ProcessEnv;
  /** Dynamic settings that replace those of {@link buildDynamicSettings}. */
  settings?: DynamicSettings;
};

/** A usable Temporal, with `source` for the log. `stop` and `kill` end it only if it was started here. */
export type RunningTemporal = {
  address: string;
  namespace: string;
  source: string;
  /** Whether clients need TLS or an API key, which only the configuration of a running server can require. */
  secured: boolean;
  /** Where a development server that was started here serves its pages. */
  uiUrl?: string;
  stop(): Promise<void>;
  kill(): void;
};

/**
 * Finds or starts a Temporal server: `TEMPORAL_ADDRESS` (or, with `persist`, a profile of Temporal's own configuration), the
 * `temporal` command line when its server can skip time, what an earlier start has downloaded or built, and last a download
 * or a build with Go. With `postgresUrl` it is the bare server, which is built if need be. A server that a killed run left in
 * `dir` is stopped first.
 *
 * @throws UserError when the configured server does not answer, none can be had, or it does not start.
 */
export async function startTemporalServer(options: TemporalOptions): Promise<RunningTemporal> {
  const { env, log, signal, progress = everyTenth(log), download = 'off' } = options;
  if (options.postgresUrl !== undefined) {
    const server = await obtainBareServer({ progress, signal, env });
    const postgres = await preparePostgresStore(options.postgresUrl, { progress, signal, env });
    return launch(server, options, postgres);
  }
  const search = findTemporalServer({ env, configFile: options.persist });
  const choice =
    search.choice ?? (await obtainTemporalServer({ cli: search.cli, download, log, progress, signal, env }));
  return choice.kind === 'running' ? useRunning(choice) : launch(choice, options);
}

async function useRunning({
  config,
  source,
}: TemporalChoice & { kind: 'running' }): Promise<RunningTemporal> {
  const { connectionOptions, namespace = NAMESPACE } = config;
  const { address = '' } = connectionOptions;
  const connection = await connectWithin(EXTERNAL_TIMEOUT_MS, connectionOptions as ConnectionOptions).catch(
    (error: Error) => {
      const seconds = EXTERNAL_TIMEOUT_MS / 1_000;
      throw new UserError(
        `${source} gave no answer within ${seconds} s (${error.message}): start that server, correct the address, or unset it to have one started here`,
      );
    },
  );
  try {
    if (!(await namespaceExists(connection, namespace))) {
      throw new UserError(
        `${source} has no namespace ${namespace}: create it with temporal operator namespace create -n ${namespace}, or set TEMPORAL_NAMESPACE`,
      );
    }
  } finally {
    await connection.close();
  }
  const secured = Boolean(connectionOptions.tls || connectionOptions.apiKey);
  return { address, namespace, source, secured, stop: async () => {}, kill: () => {} };
}

async function launch(
  choice: Exclude<TemporalChoice, { kind: 'running' }>,
  options: TemporalOptions,
  postgres?: PostgresStore,
): Promise<RunningTemporal> {
  const dir = path.resolve(options.dir);
  const files = { log: path.join(dir, 'server.log'), process: path.join(dir, 'process.json') };
  mkdirSync(dir, { recursive: true });
  const leftover = await stopRecordedProcesses(files.process);
  if (leftover.length > 0) options.log('stopped the Temporal server that an earlier run left');
  // Temporal's tables on Postgres hold the ports of its services in a smallint.
  const numbers = await reservePorts(path.join(dir, 'ports'), PORT_COUNT, { small: postgres !== undefined });
  const ports = portsOf(numbers);
  const databaseFile = options.persist && !postgres ? path.join(dir, 'temporal.sqlite') : undefined;
  const hasNamespace = databaseFile !== undefined && existsSync(databaseFile);
  const [executable, args] = commandOf(choice, ports, dir, { ...options, postgres, databaseFile });

  const log = openSync(files.log, 'w');
  // In a process group of its own: Ctrl-C stops the roles first, and they still need Temporal to finish.
  const child = spawn(executable, args, { cwd: dir, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let stopping = false;
  let gone: string | undefined;
  child.on('error', (error) => (gone = error.message));
  child.on('exit', (code, signal) => {
    gone = signal ?? `code ${code}`;
    if (!stopping) options.log(`Temporal's server ended unexpectedly (${gone}), see ${files.log}`);
  });
  if (child.pid !== undefined) recordProcess(files.process, 'temporal', child.pid);
  const stop = async () => {
    stopping = true;
    if (child.pid !== undefined && gone === undefined) await stopProcess(child.pid);
  };
  const kill = () => {
    stopping = true;
    if (child.pid !== undefined && gone === undefined) signalProcess(child.pid, 'SIGKILL');
  };
  const address = `${LOOPBACK}:${ports.frontend.grpc}`;
  if (hasNamespace) options.onStarting?.({ address, namespace: NAMESPACE });
  try {
    const connection = await connectWithin(READY_TIMEOUT_MS, { address }, () => gone && `ended with ${gone}`);
    try {
      await ensureNamespace(connection, NAMESPACE, READY_TIMEOUT_MS);
    } finally {
      await connection.close();
    }
  } catch (error) {
    await stop();
    const { message } = error as Error;
    throw new UserError(
      `Temporal's server did not start (${message}), see ${files.log}: ${readLastLines(files.log, 1)}`,
    );
  }
  const { source } = choice;
  const uiUrl =
    choice.kind === 'cli' && options.uiPort ? { uiUrl: `http://${LOOPBACK}:${options.uiPort}` } : {};
  return { address, namespace: NAMESPACE, source, secured: false, ...uiUrl, stop, kill };
}

function commandOf(
  choice: Exclude<TemporalChoice, { kind: 'running' }>,
  ports: TemporalPorts,
  dir: string,
  {
    databaseFile,
    uiPort,
    postgres,
    settings: changed,
  }: TemporalOptions & { postgres?: PostgresStore | undefined; databaseFile: string | undefined },
): [executable: string, args: string[]] {
  const settings = { ...buildDynamicSettings(), ...changed };
  if (choice.kind === 'cli')
    return [
      choice.executable,
      buildCliArguments({ port: ports.frontend.grpc, uiPort, databaseFile, settings }),
    ];
  const configFile = path.join(dir, 'server.yaml');
  const dynamicConfigFile = path.join(dir, 'dynamic-config.yaml');
  writeFileSync(dynamicConfigFile, formatDynamicConfig(settings));
  writeFileSync(configFile, buildServerConfig({ ports, dynamicConfigFile, databaseFile, postgres }));
  return [choice.executable, ['--config-file', configFile, '--allow-no-auth', 'start']];
}

/**
 * All ports stay the same from start to start, not only the frontend's. After a kill the database still lists the members
 * of the last run. If the server has other ports, it waits for those members for 50 s (measured), otherwise for 1 s.
 */
function portsOf(numbers: number[]): TemporalPorts {
  const pair = (index: number) => ({ grpc: numbers[index] ?? 0, membership: numbers[index + 1] ?? 0 });
  return { frontend: pair(0), matching: pair(2), history: pair(4), worker: pair(6) };
}

function everyTenth(log: (line: string) => void): (text: string) => void {
  let count = 0;
  return (text) => {
    if (count % 10 === 0) log(text);
    count += 1;
  };
}
