import { existsSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stopLeftoverPostmaster } from '../../src/dev/postgres/cluster.ts';
import { findRunningProcesses, stopRecordedProcesses } from '../../src/dev/processes/records.ts';

/** The prefix of the folder of every test run. */
export const RUN_PREFIX = 'throughline-test-';

/** A file system in memory, where the machine has one. */
const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 2e9;

/** Whether servers of tests may keep their files in memory. They survive the end of a process, as on a disk. */
function hasMemory(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize > ENOUGH_BYTES;
  } catch {
    return false;
  }
}

/** Where to put the files of servers that force each commit to disk, which is slow beside other programs. */
export function findFastDir(): string {
  return hasMemory() ? MEMORY : tmpdir();
}

/** Stops the servers and removes the folders of killed test runs. Runs that are still active are not touched. */
export async function removeAbandonedRuns(log: (line: string) => void): Promise<void> {
  const dirs = [...new Set([tmpdir(), findFastDir()])].flatMap((parent) =>
    readdirSync(parent).map((name) => ({ name, dir: path.join(parent, name) })),
  );
  for (const { name, dir } of dirs) {
    const owner = path.join(dir, 'run.json');
    if (!name.startsWith(RUN_PREFIX) || !existsSync(owner) || findRunningProcesses(owner).length > 0)
      continue;
    log(`removing the folder of a killed run (${dir})`);
    await stopRecordedProcesses(path.join(dir, 'temporal', 'process.json'));
    await stopLeftoverPostmaster(path.join(dir, 'postgres'));
    rmSync(dir, { recursive: true, force: true });
  }
}
