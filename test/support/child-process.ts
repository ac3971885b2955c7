import { type ChildProcess, spawn } from 'node:child_process';
import { inject } from 'vitest';
import { ROOT } from './paths.ts';
import type { TestSystem } from './system.ts';

export interface ChildProcessHandle {
  pid: number;
  /** The lines that the process has printed. */
  lines: string[];
  /** Freezes the process with SIGSTOP, and lets it go on with SIGCONT. */
  freeze(): void;
  thaw(): void;
  /** Kills the process with SIGKILL, and waits until it has ended. */
  kill(): Promise<void>;
}

/** Runs a script in a process of its own, against the servers of the test system. */
export async function startChildProcess(
  system: TestSystem,
  script: string,
  env: Record<string, string> = {},
  args: string[] = [],
): Promise<ChildProcessHandle> {
  const { config } = system.service;
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    cwd: ROOT,
    env: {
      ...process.env,
      DATABASE_URL: config.databaseUrl,
      SMTP_URL: config.smtpUrl ?? '',
      TASK_QUEUE: config.taskQueue,
      THROUGHLINE_SECRET: config.secret,
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      WORKFLOW_BUNDLE: inject('workflowBundlePath'),
      LOG_LEVEL: 'info',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const keep = (chunk: Buffer) => lines.push(...chunk.toString().split('\n').filter(Boolean));
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid: child.pid as number,
    lines,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async kill() {
      alive(child) && child.kill('SIGKILL');
      await gone;
    },
  };
}

function alive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
