import { ProcessPool } from '../../src/limits/process-pool.ts';

// Starts endless work, prints the process that does it, and is then killed by the test.
const pool = new ProcessPool<string, number>(new URL('./pool-child.ts', import.meta.url), {
  processes: 1,
  ms: 60_000,
  heapMb: 64,
  waiting: 10,
  waitingOfOwner: 10,
  idleMs: 1_000,
});
console.log(await pool.run('owner', 'pid'));
await pool.run('owner', 'loop');
