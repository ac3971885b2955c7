import { existsSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stopLeftoverPostmaster } from '../../src/dev/postgres/cluster.ts';
import { findRunningProcesses, stopRecordedProcesses } from '../../src/dev/processes/records.ts';

/** The prefix of the folder of every test run. */
export const RUN_PREFIX = 'throughline-test-';

/** Stops the servers and removes the folders of killed test runs. Runs that are still active are not touched. */
export async function removeAbandonedRuns(log: (line: string) => void): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const dir = path.join(tmpdir(), name);
    const owner = path.join(dir, 'run.json');
    if (!name.startsWith(RUN_PREFIX) || !existsSync(owner) || findRunningProcesses(owner).length > 0)
      continue;
    log(`removing the folder of a killed run (${dir})`);
    await stopRecordedProcesses(path.join(dir, 'temporal', 'process.json'));
    await stopLeftoverPostmaster(path.join(dir, 'postgres'));
    rmSync(dir, { recursive: true, force: true });
  }
}
