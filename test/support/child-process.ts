import { inject } from 'vitest';
import { type ChildProcessHandle, spawnChild } from './spawn-child.ts';
import type { TestSystem } from './system.ts';

export type { ChildProcessHandle };

/** Runs a script in a process of its own, against the servers of the test system. */
export async function startChildProcess(
  system: TestSystem,
  script: string,
  env: Record<string, string> = {},
  args: string[] = [],
): Promise<ChildProcessHandle> {
  const { config } = system.service;
  return spawnChild(
    script,
    {
      DATABASE_URL: config.databaseUrl,
      SMTP_URL: config.smtpUrl ?? '',
      OUTBOUND_ALLOW: '127.0.0.1',
      TASK_QUEUE: config.taskQueue,
      THROUGHLINE_SECRET: config.secret,
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      WORKFLOW_BUNDLE: inject('workflowBundlePath'),
      LOG_LEVEL: 'info',
      ...env,
    },
    args,
  );
}
