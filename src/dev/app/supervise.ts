import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { readStartTime, signalProcess, stopProcess } from '../processes/processes.ts';
import { selectPrintableLine } from './log-lines.ts';

const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 15_000;
/** A process that lived so long had started well: its next failure begins with the shortest wait again. */
const HEALTHY_MS = 60_000;
const KEPT_LINES = 20;

/** One process of the app. `env` is its whole environment. */
export type AppOptions = {
  role: string;
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  logFile: string;
  print(line: string): void;
  /** Told of every process, so that a later run can find it. */
  onSpawn(pid: number): void;
};

/** A supervised process: started again when it ends by itself, until it is stopped. */
export type AppProcess = {
  role: string;
  /** How often it ended without being asked to. */
  crashes(): number;
  /** Its last lines of output. */
  tail(): string[];
  /** SIGTERM, and SIGKILL after `graceMs`. It is not started again. */
  stop(graceMs: number): Promise<void>;
  /** SIGKILL, now. */
  kill(): void;
};

/** Starts a process of the app and keeps it running. Its output goes to the log file; warnings and errors also to `print`. */
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
    // A group of its own: Ctrl-C in the terminal must not reach it, start.ts stops things in their order.
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
    // Not `exit`: its last lines may still be on their way then.
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

/** The command line that runs a role of the app from its sources. */
export function buildServeCommand(role: string): { command: string; args: string[] } {
  return {
    command: process.execPath,
    args: ['--import', 'tsx', path.join('src', 'cli', 'main.ts'), 'serve', role],
  };
}
