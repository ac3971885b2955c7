import { readdirSync, readFileSync } from 'node:fs';
import type { BenchSystem } from './system.ts';

/** Linux counts CPU time for `/proc` in hundredths of a second on every architecture that Node runs on. */
const TICK_SECONDS = 0.01;

/**
 * Reads the seconds of CPU time that a system has used since it was started: its roles with all their threads, and the
 * server processes of Postgres. The load generator and Temporal are not counted.
 *
 * @returns NaN on systems without `/proc`
 */
export async function readCpuTime({ pids, db }: BenchSystem): Promise<number> {
  const [row] = await db.sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  const backend = readProcess(row?.pid ?? 0);
  const processes = listProcesses();
  if (!backend || processes.length === 0) return Number.NaN;
  const roles = new Set<number>(Object.values(pids));
  const counted = processes.filter(({ pid, parent }) => roles.has(pid) || parent === backend.parent);
  // Sessions that have ended are in the time of the children of their parent.
  const ended = readProcess(backend.parent)?.secondsOfEndedChildren ?? 0;
  return counted.reduce((sum, { seconds }) => sum + seconds, ended);
}

interface ProcessTime {
  pid: number;
  parent: number;
  seconds: number;
  secondsOfEndedChildren: number;
}

function listProcesses(): ProcessTime[] {
  try {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.flatMap((pid) => readProcess(Number(pid)) ?? []);
  } catch {
    return [];
  }
}

/** Fields 4 and 14 to 17 of `/proc/{pid}/stat`; undefined if the process has ended. */
function readProcess(pid: number): ProcessTime | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold spaces and brackets itself; the fields count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const readSeconds = (...places: number[]) =>
      places.reduce((sum, place) => sum + Number(fields[place]) * TICK_SECONDS, 0);
    return {
      pid,
      parent: Number(fields[1]),
      seconds: readSeconds(11, 12),
      secondsOfEndedChildren: readSeconds(13, 14),
    };
  } catch {
    return undefined;
  }
}
