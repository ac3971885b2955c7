import { type ChildProcess, spawn } from 'node:child_process';
import { inject } from 'vitest';
import { ROOT } from './paths.ts';
import type { TestSystem } from './system.ts';

export interface ChildProcessHandle {
  /** Lines that it has printed. */
  lines: string[];
  /** Kills it as a power cut would, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Runs a script of ours in a process of its own, against the house's servers. */
export async function startChildProcess(
  house: TestSystem,
  script: string,
  env: Record<string, string> = {},
  args: string[] = [],
): Promise<ChildProcessHandle> {
  const { config } = house.service;
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
    lines,
    async kill() {
      alive(child) && child.kill('SIGKILL');
      await gone;
    },
  };
}

function alive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}
