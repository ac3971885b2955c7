import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterEach, expect, test } from 'vitest';
import { removeCluster, startPostgres } from '../../../src/dev/postgres/start.ts';
import { findGo } from '../../../src/dev/temporal/build.ts';
import { startTemporalServer } from '../../../src/dev/temporal/start.ts';
import { findFastDir } from '../../support/abandoned-runs.ts';

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of stops.splice(0).reverse()) await undo();
});

// The server and its schema tool are built with Go, unless they are in the cache.
test.skipIf(!findGo().ok)(
  'a Temporal server on Postgres has its workflows again after a kill',
  async () => {
    const dir = mkdtempSync(path.join(findFastDir(), 'temporal-on-postgres-'));
    stops.push(() => rmSync(dir, { recursive: true, force: true }));
    const { DATABASE_URL: _, ...env } = process.env;
    const dataDir = path.join(dir, 'postgres');
    const database = await startPostgres({ dataDir, log: () => {}, env });
    stops.push(async () => {
      await database.stop();
      removeCluster(dataDir);
    });
    const start = () =>
      startTemporalServer({
        dir: path.join(dir, 'temporal'),
        persist: true,
        postgresUrl: database.url,
        log: () => {},
      });
    const first = await start();
    stops.push(() => first.kill());
    const before = await connect(first.address);
    await before.client.workflow.start('waits', { workflowId: 'w', taskQueue: 'nobody-polls' });
    await before.connection.close();
    first.kill();

    const second = await start();
    stops.push(second.stop);
    const after = await connect(second.address);
    expect((await after.client.workflow.getHandle('w').describe()).status.name).toBe('RUNNING');
    await after.connection.close();
    // Its tables hold ports as numbers of 15 bits.
    const ports = readFileSync(path.join(dir, 'temporal', 'ports'), 'utf8')
      .trim()
      .split('\n')
      .map(Number);
    expect(Math.max(...ports)).toBeLessThan(32_768);
  },
  900_000,
);

async function connect(address: string) {
  const connection = await Connection.connect({ address });
  return { connection, client: new Client({ connection }) };
}
