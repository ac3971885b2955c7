import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ConnectionOptions } from '@temporalio/client';
import { UserError } from '../../user-error.ts';
import { readLastLines } from '../last-lines.ts';
import { LOOPBACK, reservePorts } from '../ports.ts';
import { signalProcess, stopProcess } from '../processes/processes.ts';
import { recordProcess, stopRecordedProcesses } from '../processes/records.ts';
import { buildTemporalServer } from './build.ts';
import {
  buildCliArguments,
  buildDynamicSettings,
  buildServerConfig,
  formatDynamicConfig,
  type TemporalPorts,
} from './config.ts';
import { findTemporalServer, type TemporalChoice } from './lookup.ts';
import { connectWithin, ensureNamespace, namespaceExists } from './namespace.ts';

const NAMESPACE = 'default';
const EXTERNAL_TIMEOUT_MS = 5_000;
const READY_TIMEOUT_MS = 90_000;
const PORT_COUNT = 8;

/** How to start Temporal. */
export type TemporalOptions = {
  /** The folder for its configuration, log, port and database. */
  dir: string;
  /** Keep everything in a file of `dir` and the port the same; otherwise in memory, tuned for tests. */
  persist: boolean;
  log: (line: string) => void;
  /** Called once a second with the progress of a build. By default every tenth text goes to `log`. */
  progress?: (text: string) => void;
  /** Ends a build. */
  signal?: AbortSignal;
  env?: NodeJS.ProcessEnv;
};

/** A usable Temporal, with `source` for the log. `stop` and `kill` end it only if it was started here. */
export type RunningTemporal = {
  address: string;
  namespace: string;
  source: string;
  stop(): Promise<void>;
  kill(): void;
};

/**
 * Finds or starts a Temporal server: `TEMPORAL_ADDRESS` (or, with `persist`, a profile of Temporal's own configuration), the
 * `temporal` command line when its server can skip time, the binary in the cache, and last one built with Go. One that a killed
 * run left in `dir` is stopped first.
 *
 * @throws UserError when the configured server does not answer, none is found, or it does not start.
 */
export async function startTemporalServer(options: TemporalOptions): Promise<RunningTemporal> {
  const choice = findTemporalServer({ env: options.env, configFile: options.persist });
  if (choice.kind === 'running') return useRunning(choice);
  if (choice.kind === 'build') {
    await buildTemporalServer(choice.target, options.progress ?? everyTenth(options.log), options.signal);
  }
  return launch(choice, options);
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
  return { address, namespace, source, stop: async () => {}, kill: () => {} };
}

async function launch(
  choice: TemporalChoice & { kind: 'cli' | 'binary' | 'build' },
  options: TemporalOptions,
): Promise<RunningTemporal> {
  const dir = path.resolve(options.dir);
  const files = { log: path.join(dir, 'server.log'), process: path.join(dir, 'process.json') };
  mkdirSync(dir, { recursive: true });
  const leftover = await stopRecordedProcesses(files.process);
  if (leftover.length > 0) options.log('stopped the Temporal server that an earlier run left');
  const ports = portsOf(await reservePorts(path.join(dir, 'ports'), PORT_COUNT));
  const [executable, args] = commandOf(choice, ports, dir, options.persist);

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
  return { address, namespace: NAMESPACE, source: choice.source, stop, kill };
}

function commandOf(
  choice: TemporalChoice & { kind: 'cli' | 'binary' | 'build' },
  ports: TemporalPorts,
  dir: string,
  persist: boolean,
): [executable: string, args: string[]] {
  const databaseFile = persist ? path.join(dir, 'temporal.sqlite') : undefined;
  const settings = buildDynamicSettings({ forTests: !persist });
  if (choice.kind === 'cli')
    return [choice.executable, buildCliArguments({ port: ports.frontend.grpc, databaseFile, settings })];
  const configFile = path.join(dir, 'server.yaml');
  const dynamicConfigFile = path.join(dir, 'dynamic-config.yaml');
  writeFileSync(dynamicConfigFile, formatDynamicConfig(settings));
  writeFileSync(configFile, buildServerConfig({ ports, dynamicConfigFile, databaseFile }));
  const executable = choice.kind === 'build' ? choice.target : choice.executable;
  return [executable, ['--config-file', configFile, '--allow-no-auth', 'start']];
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
