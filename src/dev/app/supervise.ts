import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { listLoaders, locateModule } from '../../compiled.ts';
import { readStartTime, signalProcess, stopProcess } from '../processes/processes.ts';
import { selectPrintableLine } from './log-lines.ts';

const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 15_000;
/** A process that ran for this long had started successfully. After its next failure the shortest pause applies. */
const HEALTHY_MS = 60_000;
const KEPT_LINES = 20;

/** Options of one role's process. `env` is its whole environment. */
export type AppOptions = {
  role: string;
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  logFile: string;
  print(line: string): void;
  /** Called for every process that is started, so that a later run can find it. */
  onSpawn(pid: number): void;
};

/** A supervised process, which is restarted whenever it ends, until it is stopped. */
export type AppProcess = {
  role: string;
  /** How often the process has ended unexpectedly. */
  crashes(): number;
  /** Its last lines of output. */
  tail(): string[];
  /** SIGTERM, and SIGKILL after `graceMs`. It is not started again. */
  stop(graceMs: number): Promise<void>;
  /** SIGKILL, now. */
  kill(): void;
};

/** Starts a role's process and keeps it running. Its output goes to the log file, warnings and errors also to `print`. */
export function superviseApp(options: AppOptions): AppProcess {
  const { role, print } = options;
  mkdirSync(path.dirname(options.logFile), { recursive: true });
  const log = createWriteStream(options.logFile, { flags: 'a', mode: 0o600 });
  const recent: string[] = [];
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  let crashes = 0;
  let backoff = FIRST_BACKOFF_MS;

  const take = (line: string) => {
    log.write(`${line}\n`);
    recent.push(line);
    if (recent.length > KEPT_LINES) recent.shift();
    const text = selectPrintableLine(line);
    if (text) print(`${role}: ${text}`);
  };

  const launch = () => {
    const began = Date.now();
    // A process group of its own, because Ctrl-C must not reach it: start.ts stops the processes in order.
    const started = spawn(options.command, options.args, {
      env: options.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    if (started.pid !== undefined) options.onSpawn(started.pid);
    for (const stream of [started.stdout, started.stderr])
      createInterface({ input: stream }).on('line', take);
    let failure: string | undefined;
    started.once('error', (error) => (failure = error.message));
    // Not on `exit`, because the last lines may arrive later.
    started.once('close', (code, signal) => {
      child = undefined;
      if (stopping) return;
      crashes += 1;
      if (Date.now() - began > HEALTHY_MS) backoff = FIRST_BACKOFF_MS;
      const how = failure ?? (signal ? `was ended by ${signal}` : `ended with code ${code}`);
      print(`${role} ${how}, starting it again in ${backoff / 1_000} s; its log is ${options.logFile}`);
      timer = setTimeout(launch, backoff);
      backoff = Math.min(backoff * 2, LONGEST_BACKOFF_MS);
    });
  };
  launch();

  return {
    role,
    crashes: () => crashes,
    tail: () => [...recent],
    async stop(graceMs) {
      stopping = true;
      clearTimeout(timer);
      const pid = child?.pid;
      if (pid !== undefined && readStartTime(pid) !== undefined) await stopProcess(pid, { graceMs });
      log.end();
    },
    kill() {
      stopping = true;
      clearTimeout(timer);
      if (child?.pid !== undefined) signalProcess(child.pid, 'SIGKILL');
    },
  };
}

/** Builds the command line that runs a role from this code: the build or, from the sources, the sources. */
export function buildServeCommand(role: string): { command: string; args: string[] } {
  const main = fileURLToPath(locateModule(new URL('../../cli/main.ts', import.meta.url)));
  const options = listLoaders().flatMap((loader) => ['--import', loader]);
  return { command: process.execPath, args: [...options, main, 'serve', role] };
}
