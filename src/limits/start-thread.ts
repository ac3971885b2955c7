import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a thread that runs a TypeScript module. The thread alone keeps no process alive.
 * @param module its URL; it reads `workerData.data`
 */
export function startThread(
  module: URL,
  data: unknown = null,
  options: Pick<WorkerOptions, 'resourceLimits'> = {},
): Worker {
  const worker = new Worker(new URL('./thread-entry.mjs', import.meta.url), {
    ...options,
    workerData: { module: module.href, data },
  });
  worker.unref();
  return worker;
}
