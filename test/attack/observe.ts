import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../../bench/stats.ts';
import { assertLoopback } from './loopback.ts';

const MEMORY_EVERY_MS = 200;
const GOOD_EVERY_MS = 40;
const PATIENCE_MS = 30_000;

export interface Observed {
  /** Largest resident memory of the API, MB. */
  memoryMb: number;
  /** Milliseconds that a client which does nothing wrong waited for its answers. */
  good: { p99: number; slowest: number; failed: number };
}

/** Watches the API while an attack runs: its memory, and what a client that does nothing wrong sees. */
export function observe(url: string, pid: number | undefined): { stop(): Promise<Observed> } {
  let going = true;
  let memoryMb = 0;
  let failed = 0;
  const waited: number[] = [];
  const memory = (async () => {
    while (going && pid !== undefined) {
      memoryMb = Math.max(memoryMb, readMemoryMb(pid));
      await sleep(MEMORY_EVERY_MS);
    }
  })();
  const client = (async () => {
    while (going) {
      const began = performance.now();
      if (!(await ask(url))) failed++;
      waited.push(performance.now() - began);
      await sleep(GOOD_EVERY_MS);
    }
  })();
  return {
    async stop() {
      going = false;
      await Promise.all([memory, client]);
      return {
        memoryMb,
        good: { p99: percentile(waited, 0.99), slowest: percentile(waited, 1), failed },
      };
    },
  };
}

/** Whether the service answers that it is alive, on a connection of its own. */
function ask(url: string): Promise<boolean> {
  const { hostname, port } = assertLoopback(url);
  return new Promise((resolve) => {
    const options = { hostname, port, path: '/healthz', agent: false as const, timeout: PATIENCE_MS };
    const outgoing = http.get(options, (incoming) => {
      incoming.resume().on('end', () => resolve(incoming.statusCode === 200));
    });
    outgoing.on('timeout', () => outgoing.destroy());
    outgoing.on('error', () => resolve(false));
  });
}

/** Resident memory of a process; 0 if it has ended. */
export function readMemoryMb(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
  } catch {
    // No /proc, or no process.
  }
  try {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1_024;
  } catch {
    return 0;
  }
}
