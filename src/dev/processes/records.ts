import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writePrivateFile } from '../write-private-file.ts';
import { readStartTime, stopProcess } from './processes.ts';

/** A started process, recorded so that a later run can find it if this one is killed. */
export type ProcessRecord = { name: string; pid: number; startedAt: string };

/** Finds the recorded processes that still run. A process that has reused a recorded pid does not count. */
export function findRunningProcesses(file: string): ProcessRecord[] {
  return readRecords(file).filter((record) => readStartTime(record.pid) === record.startedAt);
}

/** Adds a process, or replaces the one of the same name. */
export function recordProcess(file: string, name: string, pid: number): void {
  const birth = readStartTime(pid);
  if (birth === undefined) return;
  writeRecords(file, [
    ...readRecords(file).filter((record) => record.name !== name),
    { name, pid, startedAt: birth },
  ]);
}

/** Stops the processes of an earlier run in the given order, and removes their records. Returns their names. */
export async function stopRecordedProcesses(file: string, options?: { graceMs?: number }): Promise<string[]> {
  const left = findRunningProcesses(file);
  for (const { pid } of left) await stopProcess(pid, options);
  rmSync(file, { force: true });
  return left.map((record) => record.name);
}

function readRecords(file: string): ProcessRecord[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessRecord[];
  } catch {
    // The file is missing, or a crash has cut it off.
    return [];
  }
}

function writeRecords(file: string, records: ProcessRecord[]): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writePrivateFile(file, `${JSON.stringify(records, undefined, 2)}\n`);
}
