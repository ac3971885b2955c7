import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readStartTime, stopProcess } from './processes.ts';

/** A process that we started, so that a later run can find it again after ours was killed. */
export type ProcessRecord = { name: string; pid: number; startedAt: string };

/** The recorded processes that still live and are the recorded ones, not others that got their numbers since. */
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

/** Stops, in the order given, what an earlier run left behind, and forgets it. Answers with the names. */
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
    // Absent, or cut off by a crash: either way nothing is known.
    return [];
  }
}

function writeRecords(file: string, records: ProcessRecord[]): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(records, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
