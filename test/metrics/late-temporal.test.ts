import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { findFreePort } from '../../src/dev/ports.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { ROOT } from '../support/paths.ts';
import { type ChildProcessHandle, spawnChild } from '../support/spawn-child.ts';
import { startProxyOf } from '../support/tcp-proxy.ts';
import { waitUntil } from '../support/wait-until.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** Starts a worker whose Temporal is at this port. */
function startWorker(temporalPort: number, healthPort: number): ChildProcessHandle {
  const env = {
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}`,
    TASK_QUEUE: `test-${database.url.slice(-12)}`,
    THROUGHLINE_SECRET: 'a secret for the tests only',
    HEALTH_PORT: `${healthPort}`,
    LOG_LEVEL: 'warn',
  };
  return spawnChild(path.join(ROOT, 'src/cli/main.ts'), env, ['serve', 'worker']);
}

async function waitForRefusal({ lines }: ChildProcessHandle): Promise<void> {
  const isRefused = async () => lines.filter((line) => line.includes("can't start yet")).length >= 2;
  await waitUntil(isRefused, 'the worker to try twice', 60_000);
}

test('a worker that first finds no Temporal serves the SDK’s metrics and logs as ours when it does', async () => {
  const proxy = await startProxyOf(`http://${inject('temporalAddress')}`);
  await proxy.set('refused');
  const healthPort = await findFreePort();
  const worker = startWorker(proxy.port, healthPort);
  try {
    await waitForRefusal(worker);
    await proxy.set('up');
    const read = async (route: string) => (await fetch(`http://127.0.0.1:${healthPort}${route}`)).text();
    await waitUntil(async () => (await read('/readyz')).includes('"ready":true'), 'the worker', 60_000);
    await waitUntil(async () => (await read('/metrics')).includes('temporal_num_pollers{'), 'its metrics');
    expect(worker.lines.filter((line) => !line.startsWith('{'))).toEqual([]);
  } finally {
    await worker.terminate();
    await proxy.stop();
  }
}, 180_000);

test('a worker that has never found Temporal ends at SIGTERM', async () => {
  const worker = startWorker(await findFreePort(), await findFreePort());
  await waitForRefusal(worker);
  const since = Date.now();
  await worker.terminate();
  expect(await worker.gone).toBe(0);
  expect(Date.now() - since).toBeLessThan(20_000);
}, 120_000);
