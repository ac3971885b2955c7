import { existsSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stopLeftoverPostmaster } from '../../src/dev/postgres/cluster.ts';
import { findRunningProcesses, stopRecordedProcesses } from '../../src/dev/processes/records.ts';

/** The beginning of the name of every test run's folder. */
export const RUN_PREFIX = 'throughline-test-';

/** Stops and removes what test runs left that were killed before they could. Those that still run are let be. */
export async function removeAbandonedRuns(log: (line: string) => void): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const dir = path.join(tmpdir(), name);
    const owner = path.join(dir, 'run.json');
    if (!name.startsWith(RUN_PREFIX) || !existsSync(owner) || findRunningProcesses(owner).length > 0)
      continue;
    log(`removing what a killed run left (${dir})`);
    await stopRecordedProcesses(path.join(dir, 'temporal', 'process.json'));
    await stopLeftoverPostmaster(path.join(dir, 'postgres'));
    rmSync(dir, { recursive: true, force: true });
  }
}
