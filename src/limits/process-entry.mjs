// The entry point of every process of a pool: imports the modules of its arguments, and ends when the process that
// started it has ended.

import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

const LOOK_EVERY_MS = 1_000;

if (isMainThread) {
  process.on('disconnect', () => process.exit());
  // A thread of its own looks as well, because the work may never end. It starts before any loader, whose hooks would
  // make it wait for this thread.
  new Worker(fileURLToPath(import.meta.url), { execArgv: [] }).unref();
  for (const module of process.argv.slice(2)) await import(module);
} else {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, LOOK_EVERY_MS);
  parentPort?.unref();
}
