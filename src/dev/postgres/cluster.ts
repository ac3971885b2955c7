import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../user-error.ts';
import { readLastLines } from '../last-lines.ts';
import { LOOPBACK } from '../ports.ts';
import { readCommandLine, readStartTime, signalProcess, stopProcess } from '../processes/processes.ts';
import type { PostgresBinaries } from './binaries.ts';
import type { UnixIdentity } from './identity.ts';

/** The superuser of our own clusters. */
export const SUPERUSER = 'throughline';

const READY_TIMEOUT_MS = 60_000;

/** A cluster that this project creates: `home` holds the data folder, the superuser's password and the log. */
export type Cluster = { home: string; binaries: PostgresBinaries; identity: UnixIdentity; fast: boolean };

const dataDirOf = (home: string) => path.join(home, 'data');
const passwordFileOf = (home: string) => path.join(home, 'password');
const logFileOf = (home: string) => path.join(home, 'postgres.log');

/** The major version that the cluster in `home` was made with, or `undefined` when there is none yet. */
export function readClusterMajor(home: string): number | undefined {
  const file = path.join(dataDirOf(home), 'PG_VERSION');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
}

/** The superuser's password. */
export function readClusterPassword(home: string): string {
  return readFileSync(passwordFileOf(home), 'utf8').trim();
}

/**
 * Makes the cluster on the first start. Everybody on the machine can reach a loopback port, and a superuser may run programs
 * through `copy … to program`: so not `trust`, but SCRAM with a password of its own that only this user can read.
 */
export function initCluster({ home, binaries, identity, fast }: Cluster): void {
  if (readClusterMajor(home) !== undefined) return;
  const password = randomBytes(24).toString('base64url');
  writeFileSync(passwordFileOf(home), `${password}\n`, { mode: 0o600 });
  // Made beside and then renamed: an initdb that was interrupted leaves nothing that looks like a cluster.
  const half = path.join(home, `data.${process.pid}`);
  const passwordForInitdb = path.join(home, `password.${process.pid}`);
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { mode: 0o700 });
  writeFileSync(passwordForInitdb, password, { mode: 0o600 });
  if (identity) for (const file of [half, passwordForInitdb]) chownSync(file, identity.uid, identity.gid);
  // Locale C sorts by code point, the same on every machine.
  const args = ['-D', half, '-U', SUPERUSER, '--pwfile', passwordForInitdb, '--auth=scram-sha-256'];
  args.push('--encoding=UTF8', '--locale=C', ...(fast ? ['--no-sync'] : []));
  const { status, stderr, error } = spawnSync(path.join(binaries.bin, 'initdb'), args, {
    ...identity,
    cwd: '/',
    env: cleanEnv(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  rmSync(passwordForInitdb, { force: true });
  if (status !== 0) {
    rmSync(half, { recursive: true, force: true });
    const reason = (error?.message ?? stderr).trim().replaceAll(/\s*\n\s*/g, '; ');
    throw new UserError(`initdb failed in ${home} (${reason}): put that right, or set DATABASE_URL`);
  }
  renameSync(half, dataDirOf(home));
}

/** Stops a server that a killed run left on this cluster, and removes the note of one that died with the machine. */
export async function stopLeftoverPostmaster(home: string): Promise<number | undefined> {
  const pid = postmasterPid(home);
  if (pid === undefined) return undefined;
  const isOurs = readStartTime(pid) !== undefined && readCommandLine(pid).includes(dataDirOf(home));
  if (isOurs) await stopPostmaster(pid);
  // Postgres would take a stranger that got this number since for a server of its own.
  rmSync(path.join(dataDirOf(home), 'postmaster.pid'), { force: true });
  return isOurs ? pid : undefined;
}

/** Starts the server and waits until it accepts connections. `onExit` is called when it ends unexpectedly. */
export async function startPostmaster(
  { home, binaries, identity, fast }: Cluster,
  port: number,
  onExit: (logFile: string) => void,
): Promise<{ stop(): Promise<void>; kill(): void }> {
  const settings = {
    listen_addresses: LOOPBACK,
    port,
    // A socket's path may have 107 bytes, and the loopback port serves everybody.
    unix_socket_directories: '',
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    jit: 'off',
    // Tests throw their cluster away: nothing has to survive a power cut.
    ...(fast ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const logFile = logFileOf(home);
  const log = openSync(logFile, 'a');
  const child = spawn(path.join(binaries.bin, 'postgres'), ['-D', dataDirOf(home), ...flags], {
    ...identity,
    cwd: '/',
    env: cleanEnv(),
    // Ctrl-C in the terminal must not stop the database, which is stopped last, after all writers.
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let stopping = false;
  let gone: string | undefined;
  child.on('error', (error) => (gone = error.message));
  child.on('exit', (code, signal) => {
    gone = `${signal ?? `code ${code}`}`;
    if (!stopping) onExit(logFile);
  });
  const stop = async () => {
    stopping = true;
    if (child.pid !== undefined && gone === undefined) await stopPostmaster(child.pid);
  };
  const kill = () => {
    stopping = true;
    // SIGQUIT is "immediate": its children end too, and the next start recovers from the log. SIGKILL would orphan them.
    if (child.pid !== undefined && gone === undefined) signalProcess(child.pid, 'SIGQUIT');
  };
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!isReady(home, child.pid)) {
    if (gone !== undefined || Date.now() > deadline) {
      await stop();
      const why =
        gone === undefined ? `was not ready within ${READY_TIMEOUT_MS / 1_000} s` : `ended (${gone})`;
      throw new UserError(`Postgres ${why}, see ${logFile}: ${readLastLines(logFile, 1)}`);
    }
    await sleep(20);
  }
  return { stop, kill };
}

// SIGINT is Postgres's "fast" shutdown: it ends sessions, writes a checkpoint and exits. SIGTERM would wait for clients.
function stopPostmaster(pid: number): Promise<void> {
  return stopProcess(pid, { signal: 'SIGINT', graceMs: 20_000 });
}

function postmasterPid(home: string): number | undefined {
  return Number(postmasterLines(home)[0]) || undefined;
}

function isReady(home: string, pid: number | undefined): boolean {
  const lines = postmasterLines(home);
  // The eighth line is the server's state; a note from before has another number in its first.
  return pid !== undefined && lines[0]?.trim() === `${pid}` && lines[7]?.trim() === 'ready';
}

function postmasterLines(home: string): string[] {
  try {
    return readFileSync(path.join(dataDirOf(home), 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** The environment without PGDATA, PGPORT and similar variables, which may refer to another server. */
function cleanEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return Object.fromEntries([...kept, ['LC_ALL', 'C'], ['TZ', 'UTC']]);
}
