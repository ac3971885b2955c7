import { Worker, type WorkerOptions } from 'node:worker_threads';
import { COMPILED, locateModule } from '../compiled.ts';

/**
 * Starts a thread that runs a module. The thread alone keeps no process alive.
 * @param source the URL of its TypeScript file; it reads `workerData.data`
 */
export function startThread(
  source: URL,
  data: unknown = null,
  options: Pick<WorkerOptions, 'resourceLimits'> = {},
): Worker {
  const module = locateModule(source);
  // A thread does not inherit tsx, so one that runs sources begins with a file that needs no loader.
  const entry = COMPILED ? module : new URL('./source-thread-entry.mjs', import.meta.url);
  const worker = new Worker(entry, { ...options, workerData: { module: module.href, data } });
  worker.unref();
  return worker;
}
